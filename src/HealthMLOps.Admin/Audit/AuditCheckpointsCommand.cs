using System.CommandLine;
using System.Globalization;
using HealthMLOps.Hosting;

namespace HealthMLOps.Audit;

/// <summary><c>healthml audit checkpoints</c>: what was signed of the record, to be kept elsewhere.</summary>
public static class AuditCheckpointsCommand
{
    public static Verb Create(ConnectionOptions connection)
    {
        var from = new Option<long?>("--from") { Description = "Sizes from this", HelpName = "SIZE" };
        var to = new Option<long?>("--to") { Description = "Sizes to this", HelpName = "SIZE" };
        var count = new Option<int?>("--count") { Description = "Checkpoints at most", HelpName = "N" };
        var file = new Option<string?>("--out") { Description = "File to write the signed notes to", HelpName = "FILE" };
        var now = new Option<bool>("--now") { Description = "Sign one over all that is recorded, and show it alone" };
        var verb = new Verb(connection, "checkpoints", "List signed checkpoints, keep them in a file, or sign one now", "healthml audit checkpoints --now --out today.checkpoint");
        foreach (var option in new Option[] { from, to, count, file, now }) verb.Add(option);
        return verb.Does(async (asked, session, stop) =>
        {
            string? Number(long? number) => number?.ToString(CultureInfo.InvariantCulture);
            var answer = asked.GetValue(now)
                ? await session.Silo.Post(ApiPath.Of("audit", "checkpoints"), body: null, stop)
                : await session.Silo.Get(ApiPath.Of("audit", "checkpoints").Where(("from", Number(asked.GetValue(from))), ("to", Number(asked.GetValue(to))), ("count", Number(asked.GetValue(count)))), stop);
            if (asked.GetValue(file) is { } path) await File.WriteAllTextAsync(path, string.Concat(JsonTable.Rows(answer).Select(c => c.Words("note"))), stop);
            session.Screen.Show(answer, checkpoints => JsonTable.Of(checkpoints, "size", "at", "root"));
        });
    }
}
