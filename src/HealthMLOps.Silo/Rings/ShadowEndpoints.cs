using System.Text.Json.Nodes;
using HealthMLOps.Access;
using HealthMLOps.Audit;
using HealthMLOps.Clinical;
using HealthMLOps.Hosting;
using HealthMLOps.Models;
using HealthMLOps.Patients;
using HealthMLOps.Privacy;
using HealthMLOps.Problems;

namespace HealthMLOps.Rings;

/// <summary>What monitoring may see and clinicians may not: shadow scores; and where clinicians say what they think of a score.</summary>
public static class ShadowEndpoints
{
    private static readonly string[] Verdicts = ["agree", "disagree", "not-useful", "wrong-patient"];

    public static void MapShadowScores(this IEndpointRouteBuilder routes)
    {
        routes.MapGet("/api/v1/patients/{id}/shadow-scores", OfEhrId).WithTags("rings").Requires(Permission.ReadIdentifiedShadowScores).About(http => http.GetRouteValue("id") as string);
        routes.MapGet("/api/v1/patients/by-pseudonym/{pseudonym}/shadow-scores", OfPseudonym).WithTags("rings")
            .Requires(Permission.ReadShadowScores).AboutPseudonym(http => http.GetRouteValue("pseudonym") as string);
        routes.MapPost(RiskAnswers.FeedbackPath, Feedback).WithTags("rings").Requires(Permission.ReadRisk).InScope(ScopeOf.Risk);
    }

    private static async Task<IResult> OfEhrId(Phi id, string? model, HttpContext http, SiloSettings settings, IdentityKeys keys, IGrainFactory grains, PlanBoard plans, AccessBook book) =>
        http.SourceOf(settings) is { } source ? await Shadows(keys.Patient(source, id), model, http, grains, plans, book) : PatientEndpoints.UnknownSource();

    private static async Task<IResult> OfPseudonym(string pseudonym, string? model, HttpContext http, IGrainFactory grains, PlanBoard plans, AccessBook book) =>
        PatientKey.IsPseudonym(pseudonym) ? await Shadows(new PatientKey(pseudonym), model, http, grains, plans, book) : Problem.Of(400, "pseudonym", "A pseudonym is 'pt-' and 26 letters.");

    private static async Task<IResult> Shadows(PatientKey patient, string? model, HttpContext http, IGrainFactory grains, PlanBoard plans, AccessBook book)
    {
        if (!ModelVersion.IsModelName(model)) return Problem.Of(400, "model", "Query 'model' is a model's name: a-z, 0-9 and '-'.");
        var scores = await grains.GetGrain<IPatientGrain>(patient.Value).ShadowScores(model!);
        await book.Read(http, "shadow-scores.read", patient, "ok");
        return Results.Json(new JsonArray([.. scores.Select(s => (JsonNode)new JsonObject
        {
            ["version"] = s.Prediction.Model.ToString(), ["ring"] = "shadow", ["score"] = s.Prediction.Score, ["asOf"] = s.Prediction.AsOf,
            ["noScore"] = s.Prediction.NoScore is { } reason ? Kebab.Of(reason.ToString()) : null,
            ["withdrawn"] = plans.IsStopped(s.Prediction.Model) || s.Prediction.PlanEpoch < plans.Orders.RestartedEpoch,
        })]));
    }

    /// <summary>Durable on the record when it returns.</summary>
    private static async Task<IResult> Feedback(FeedbackRequest given, HttpContext http, SiloSettings settings, IdentityKeys keys, IGrainFactory grains, AuditBook book)
    {
        if (http.SourceOf(settings) is not { } source) return PatientEndpoints.UnknownSource();
        if (!Verdicts.Contains(given.Verdict)) return Problem.Of(400, "verdict", $"'verdict' is one of {string.Join(", ", Verdicts)}.");
        if (given.Patient is not { IsEmpty: false } named) return Problem.Of(400, "patient", "'patient' is the Patient id that the score was of.");
        if (!ModelVersion.IsModelName(given.Model) || given.Version < 1) return Problem.Of(400, "model", "'model' and 'version' name the version that gave the score.");
        var (caller, patient) = (http.Caller(), keys.Patient(source, named));
        // The body names the patient, so that the gate could not judge: who sees only some patients speaks of those alone.
        if ((caller.Units is not null || caller.Purpose == Purposes.BreakGlass)
            && AccessPolicy.OfPatient(caller, patient, await grains.GetGrain<IPatientGrain>(patient.Value).Unit()) is AccessDecision.Refused refused)
        {
            await book.Record(book.By(caller, "access.denied") with { Object = "POST " + RiskAnswers.FeedbackPath, Outcome = $"{refused.Code}:{AccessPolicy.Name(Permission.ReadRisk)}" });
            return Problem.Of(403, "forbidden", refused.Detail);
        }
        await book.Record(book.By(caller, "score.feedback") with
        {
            Object = new ModelVersion(given.Model!, given.Version).ToString(), Patient = patient, Outcome = given.Verdict!,
            Payload = new JsonObject { ["verdict"] = given.Verdict, ["asOf"] = given.AsOf }.ToJsonString(),
        });
        return Results.Json(new { recorded = true }, statusCode: 201);
    }

    /// <param name="Patient">The EHR's Patient id.</param>
    /// <param name="AsOf">Of the score.</param>
    public sealed record FeedbackRequest(Phi? Patient, string? Model, int Version, DateTimeOffset? AsOf, string? Verdict)
    {
        public override string ToString() => "[feedback request]";
    }
}
