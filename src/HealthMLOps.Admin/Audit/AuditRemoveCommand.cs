using System.CommandLine;
using System.Text.Json.Nodes;
using HealthMLOps.Hosting;

namespace HealthMLOps.Audit;

/// <summary><c>healthml audit remove</c>: proposes to hide entries whose retention is over. Another person approves.</summary>
public static class AuditRemoveCommand
{
    public static Verb Create(ConnectionOptions connection)
    {
        var before = new Option<DateTimeOffset>("--before") { Description = "Hide what is older than this", HelpName = "TIME", Required = true };
        var reason = new Option<string>("--reason") { Description = "Why", HelpName = "TEXT", Required = true };
        var verb = new Verb(connection, "remove", "Propose to hide entries whose retention is over", "healthml audit remove --before 2019-01-01 --reason 'Six years are over'");
        verb.Add(before);
        verb.Add(reason);
        return verb.Does(async (asked, session, stop) => session.Screen.Show(
            await session.Silo.Post(ApiPath.Of("audit", "removals"), new JsonObject { ["before"] = asked.GetRequiredValue(before), ["reason"] = asked.GetRequiredValue(reason) }, stop),
            removal => JsonTree.Of(removal, "proposed; another person approves it")));
    }
}
