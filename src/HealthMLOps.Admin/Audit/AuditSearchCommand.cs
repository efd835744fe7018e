using System.CommandLine;
using System.Globalization;
using HealthMLOps.Hosting;

namespace HealthMLOps.Audit;

/// <summary><c>healthml audit search</c>: who did what, newest first.</summary>
public static class AuditSearchCommand
{
    public static Verb Create(ConnectionOptions connection)
    {
        string[] names = ["from", "to", "person", "action", "object", "patient", "source", "outcome", "correlation", "after"];
        string[] descriptions =
        [
            "Not before this instant", "Before this instant", "Only this person", "Only this action, or a beginning and '*'", "Only this object",
            "Only this patient, by the EHR's id or pseudonym", "The EHR that the patient's id is from", "Only this outcome", "Only this request or decision", "The 'next' of an earlier page",
        ];
        var filters = names.Zip(descriptions, (name, description) => new Option<string?>("--" + name) { Description = description, HelpName = name.ToUpperInvariant() }).ToList();
        var count = new Option<int?>("--count") { Description = "Entries at most", HelpName = "N" };
        var verb = new Verb(connection, "search", "Search the record", "healthml audit search --action 'ring.*' --from 2026-11-01T00:00:00Z");
        foreach (var filter in filters) verb.Add(filter);
        verb.Add(count);
        return verb.Does(async (asked, session, stop) =>
        {
            var path = ApiPath.Of("audit", "entries").Where(
                filters.Select(f => (f.Name[2..], asked.GetValue(f))).Append(("count", asked.GetValue(count)?.ToString(CultureInfo.InvariantCulture))));
            session.Screen.Show(await session.Silo.Get(path, stop),
                answer => JsonTable.Of(answer, "id", "at", "person", "role", "action", "object", "patient", "outcome"));
        });
    }
}
