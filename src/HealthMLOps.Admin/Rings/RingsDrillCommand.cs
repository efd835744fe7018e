using System.CommandLine;
using System.Text.Json.Nodes;
using HealthMLOps.Hosting;

namespace HealthMLOps.Rings;

/// <summary><c>healthml rings drill</c>: goes through every silo and stops nothing; its age is evidence at the gates.</summary>
public static class RingsDrillCommand
{
    public static Verb Create(ConnectionOptions connection)
    {
        var reason = new Option<string?>("--reason") { Description = "Why, for the record", HelpName = "TEXT" };
        var verb = new Verb(connection, "drill", "Drill the kill switch: measures the time to stop and to restore, and stops nothing", "healthml rings drill --reason quarterly");
        verb.Add(reason);
        return verb.Does(async (asked, session, stop) =>
        {
            var answer = await session.Silo.Post(ApiPath.Of("rings", "drills"), new JsonObject { ["reason"] = asked.GetValue(reason), ["command"] = RingOptions.NewCommand() }, stop);
            session.Screen.Show(answer, outcome => JsonTree.Of(outcome, "drill"));
            if (answer.Words("outcome") != "confirmed") throw new CommandFailed(ExitCode.Mismatch, "Not every silo confirmed: this drill does not count.");
        });
    }
}
