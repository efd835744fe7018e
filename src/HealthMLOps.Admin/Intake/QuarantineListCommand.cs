using System.CommandLine;
using System.Globalization;
using HealthMLOps.Hosting;

namespace HealthMLOps.Intake;

/// <summary><c>healthml quarantine list</c>: input that could not be used, and why.</summary>
public static class QuarantineListCommand
{
    public static Verb Create(ConnectionOptions connection)
    {
        var source = new Option<string?>("--source") { Description = "Only from this EHR", HelpName = "NAME" };
        var reason = new Option<string?>("--reason") { Description = "Only for this reason", HelpName = "REASON" };
        var status = new Option<string>("--status") { Description = "Which to list", HelpName = "open|replayed|all", DefaultValueFactory = _ => "open" };
        status.AcceptOnlyFromAmong("open", "replayed", "all");
        var count = new Option<int?>("--count") { Description = "Inputs at most", HelpName = "N" };
        var verb = new Verb(connection, "list", "List input that could not be used", "healthml quarantine list --reason unknown-unit");
        foreach (var option in new Option[] { source, reason, status, count }) verb.Add(option);
        return verb.Does(async (asked, session, stop) =>
        {
            var path = ApiPath.Of("quarantine").Where(
                ("source", asked.GetValue(source)), ("reason", asked.GetValue(reason)), ("status", asked.GetRequiredValue(status)),
                ("count", asked.GetValue(count)?.ToString(CultureInfo.InvariantCulture)));
            session.Screen.Show(await session.Silo.Get(path, stop),
                answer => JsonTable.Of(answer, "id", "at", "source", "reason", "detail", "times", "status"));
        });
    }
}
