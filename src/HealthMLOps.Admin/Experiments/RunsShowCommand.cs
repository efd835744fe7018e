using System.CommandLine;
using HealthMLOps.Hosting;

namespace HealthMLOps.Experiments;

/// <summary><c>healthml runs show</c>: one training run: parameters, metrics, package.</summary>
public static class RunsShowCommand
{
    public static Verb Create(ConnectionOptions connection)
    {
        var id = new Argument<string>("ID") { Description = "Id of the run" };
        var verb = new Verb(connection, "show", "Show one training run: parameters, metrics, package", "healthml runs show 01J9Z").Does(async (asked, session, stop) =>
        {
            var askedId = asked.GetRequiredValue(id);
            session.Screen.Show(await session.Silo.Get(ApiPath.Of("runs", askedId), stop), answer => JsonTree.Of(answer, askedId));
        });
        verb.Add(id);
        return verb;
    }
}
