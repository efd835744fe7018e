using System.CommandLine;
using HealthMLOps.Hosting;

namespace HealthMLOps.Imports;

/// <summary><c>healthml imports show</c>: one load: its files and counts.</summary>
public static class ImportsShowCommand
{
    public static Verb Create(ConnectionOptions connection)
    {
        var id = new Argument<string>("ID") { Description = "Id of the import" };
        var verb = new Verb(connection, "show", "Show one load: its files and counts", "healthml imports show 5f2c").Does(async (asked, session, stop) =>
        {
            var askedId = asked.GetRequiredValue(id);
            session.Screen.Show(await session.Silo.Get(ApiPath.Of("imports", askedId), stop), answer => JsonTree.Of(answer, askedId));
        });
        verb.Add(id);
        return verb;
    }
}
