using System.CommandLine;
using System.Text.Json.Nodes;
using HealthMLOps.Hosting;

namespace HealthMLOps.Rings;

/// <summary><c>healthml rings halt</c>: the kill switch. Ends with 0 only when no silo can show a score under it any more.</summary>
public static class RingsHaltCommand
{
    public static Verb Create(ConnectionOptions connection)
    {
        var scope = new Argument<string>("SCOPE") { Description = "global, site:NAME, unit:NAME, model:NAME, version:NAME@N or channel:rest|fhir|cds" };
        var reason = RingOptions.Reason();
        var yes = RingOptions.Yes();
        var verb = new Verb(connection, "halt", "Stop scores at once (one person is enough)", "healthml rings halt model:sepsis --reason 'wrong patients' --yes");
        verb.Add(scope);
        verb.Add(reason);
        verb.Add(yes);
        return verb.Does(async (asked, session, stop) =>
        {
            session.Confirm($"Halt {asked.GetRequiredValue(scope)}? Two persons are needed to restart.", asked.GetValue(yes));
            var answer = await session.Silo.Post(ApiPath.Of("rings", "halts"), new JsonObject
            {
                ["scope"] = asked.GetRequiredValue(scope), ["reason"] = asked.GetRequiredValue(reason), ["command"] = RingOptions.NewCommand(),
            }, stop);
            session.Screen.Show(answer, outcome => JsonTree.Of(outcome, "halted"));
            if (answer.Words("outcome")?.StartsWith("latched", StringComparison.Ordinal) == true)
                throw new CommandFailed(ExitCode.Refused, "The halt is latched on the silos that answered, but some did not, and the database does not answer: stop those silos by hand.");
        });
    }
}
