using System.CommandLine;
using System.Text.Json.Nodes;
using HealthMLOps.Hosting;

namespace HealthMLOps.Audit;

/// <summary><c>healthml audit release</c>: ends a legal hold.</summary>
public static class AuditReleaseCommand
{
    public static Verb Create(ConnectionOptions connection)
    {
        var id = new Argument<string>("ID") { Description = "The hold's number" };
        var reason = new Option<string>("--reason") { Description = "Why", HelpName = "TEXT", Required = true };
        var yes = new Option<bool>("--yes") { Description = "Don't ask" };
        var verb = new Verb(connection, "release", "End a legal hold", "healthml audit release 4 --reason 'Case closed' --yes");
        verb.Add(id);
        verb.Add(reason);
        verb.Add(yes);
        return verb.Does(async (asked, session, stop) =>
        {
            session.Confirm($"End hold {asked.GetRequiredValue(id)}? What it covers may be hidden once its retention is over.", asked.GetValue(yes));
            session.Screen.Show(
                await session.Silo.Post(ApiPath.Of("audit", "holds", asked.GetRequiredValue(id), "release"), new JsonObject { ["reason"] = asked.GetRequiredValue(reason) }, stop),
                hold => JsonTree.Of(hold, "released"));
        });
    }
}
