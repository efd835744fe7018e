using System.CommandLine;
using System.Globalization;
using HealthMLOps.Hosting;

namespace HealthMLOps.Patients;

/// <summary><c>healthml patients history</c>: every version of every fact that the log holds of a patient.</summary>
public static class PatientsHistoryCommand
{
    /// <summary>The server's own limit.</summary>
    public const int CountMax = 100_000;

    public static Verb Create(ConnectionOptions connection)
    {
        var id = new Argument<string>("ID") { Description = "The EHR's Patient id" };
        var count = new Option<int?>("--count") { Description = $"Facts at most, up to {CountMax}", HelpName = "N" };
        count.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<int?>() is < 1 or > CountMax) given.AddError($"--count is 1 to {CountMax}.");
        });
        var source = new Option<string?>("--source") { Description = "EHR that the id belongs to", HelpName = "NAME" };
        var verb = new Verb(connection, "history", "Show a patient's facts", "healthml patients history 1042 --count 50");
        verb.Add(id);
        verb.Add(count);
        verb.Add(source);
        return verb.Does(async (asked, session, stop) =>
        {
            var path = ApiPath.Of("patients", asked.GetRequiredValue(id), "history")
                .Where(("count", asked.GetValue(count)?.ToString(CultureInfo.InvariantCulture)), ("source", asked.GetValue(source)));
            session.Screen.Show(await session.Silo.Get(path, stop),
                answer => JsonTable.Of(answer, "resource", "version", "status", "code", "value", "unit", "effective", "available", "recorded"));
        });
    }
}
