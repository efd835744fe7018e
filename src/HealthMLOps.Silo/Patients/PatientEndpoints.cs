using System.Globalization;
using HealthMLOps.Access;
using HealthMLOps.Audit;
using HealthMLOps.Features;
using HealthMLOps.Hosting;
using HealthMLOps.Privacy;
using HealthMLOps.Problems;

namespace HealthMLOps.Patients;

/// <summary>Native queries about one patient. Each read is on the record before it is answered.</summary>
public static class PatientEndpoints
{
    public const int HistoryCountMax = 100_000;
    public const int HistoryCountDefault = 1_000;

    public static void MapPatients(this IEndpointRouteBuilder routes)
    {
        var patients = routes.MapGroup("/api/v1/patients/{id}").WithTags("patients").About(http => http.GetRouteValue("id") as string).AddEndpointFilter<ErasedFilter>();
        patients.MapGet("/risk", Risk).Requires(Permission.ReadRisk).InScope(ScopeOf.Risk);
        patients.MapGet("/features", Features).Requires(Permission.ReadPatient).InScope(ScopeOf.FeatureSet);
        patients.MapGet("/history", History).Requires(Permission.ReadPatient).InScope(ScopeOf.Patient);
    }

    private static async Task<IResult> Risk(Phi id, string? model, HttpContext http, SiloSettings settings, RiskAnswers answers)
    {
        if (http.SourceOf(settings) is not { } source) return UnknownSource();
        return await answers.Risk(http, source, id, model);
    }

    private static async Task<IResult> Features(
        Phi id, string? set, string? asOf, string? knownAt, HttpContext http, SiloSettings settings,
        IdentityKeys keys, FeatureLibrary library, IGrainFactory grains, ResourceNames names, AccessBook book)
    {
        if (http.SourceOf(settings) is not { } source) return UnknownSource();
        if (!Time(asOf, out var asOfTime)) return BadTime("asOf");
        if (!Time(knownAt, out var knownAtTime)) return BadTime("knownAt");
        if (set is null || !library.Has(set))
            return Problem.Of(400, "unknown-feature-set", $"Query 'set' names one of: {string.Join(", ", library.Names)}.");
        var patient = keys.Patient(source, id);
        var features = await grains.GetGrain<IPatientGrain>(patient.Value).Features(new FeatureQuestion(set, asOfTime, knownAtTime));
        await book.Read(http, "features.read", patient, features is null ? "unknown-patient" : "ok");
        if (features is null) return UnknownPatient();
        var ids = await names.Of(features.Inputs.Select(i => i.Resource), http.RequestAborted);
        return Results.Json(FeatureAnswer.Of(features, library.Named(set), ids));
    }

    private static async Task<IResult> History(
        Phi id, string? from, string? to, int? count, string? after, HttpContext http, SiloSettings settings,
        IdentityKeys keys, HistoryReader reader, AccessBook book)
    {
        if (http.SourceOf(settings) is not { } source) return UnknownSource();
        if (!Time(from, out var fromTime)) return BadTime("from");
        if (!Time(to, out var toTime)) return BadTime("to");
        if (count is < 1 or > HistoryCountMax) return Problem.Of(400, "count", $"Query 'count' is 1 to {HistoryCountMax}; got {count}.");
        if (!HistoryCursor.TryParse(after, out var cursor)) return Problem.Of(400, "after", "Query 'after' is the 'next' of an earlier answer.");
        var patient = keys.Patient(source, id);
        var page = await reader.Read(patient, fromTime, toTime, count ?? HistoryCountDefault, cursor, http.Caller().MaySee, http.RequestAborted);
        await book.Read(http, "history.read", patient, page is null ? "unknown-patient" : "ok");
        return page is null ? UnknownPatient() : Results.Json(page);
    }

    private static bool Time(string? text, out DateTimeOffset? time)
    {
        time = null;
        if (string.IsNullOrEmpty(text)) return true;
        if (!DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var parsed)) return false;
        time = parsed.ToUniversalTime();
        return true;
    }

    private static IResult BadTime(string name) =>
        Problem.Of(400, "time", $"Query '{name}' is an instant such as 2026-11-20T10:15:00Z (a '+' in it is written %2B).");

    internal static IResult UnknownSource() => Problem.Of(404, "unknown-source", "Query 'source' names no configured source.");

    internal static IResult UnknownPatient() => Problem.Of(404, "unknown-patient", "No resource has ever referred to this patient.");
}
