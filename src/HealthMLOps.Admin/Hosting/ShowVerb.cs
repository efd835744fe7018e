using System.CommandLine;

namespace HealthMLOps.Hosting;

/// <summary>The verb <c>show</c> of a noun: one thing by its name, as a tree.</summary>
public static class ShowVerb
{
    /// <param name="connection">How the server is reached.</param>
    /// <param name="description">What is shown.</param>
    /// <param name="example">A use of it.</param>
    /// <param name="thing">What names the thing, and what that is.</param>
    /// <param name="route">Segments of the route, which the name ends.</param>
    public static Verb Of(ConnectionOptions connection, string description, string example, (string Name, string Description) thing, params IEnumerable<string> route)
    {
        var name = new Argument<string>(thing.Name) { Description = thing.Description };
        var verb = new Verb(connection, "show", description, example);
        verb.Add(name);
        return verb.Does(async (asked, session, stop) =>
        {
            var named = asked.GetRequiredValue(name);
            session.Screen.Show(await session.Silo.Get(ApiPath.Of([.. route, named]), stop), answer => JsonTree.Of(answer, named));
        });
    }
}
