using HealthMLOps.Access;
using HealthMLOps.Audit;
using HealthMLOps.Problems;

namespace HealthMLOps.Patients;

/// <summary>Checks that anyone in charge may ask for at any time.</summary>
public static class VerificationEndpoints
{
    public static void MapVerifications(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/verifications/replay", Replay).WithTags("verifications").Requires(Permission.VerifyReplay);

    private static async Task<IResult> Replay(HttpContext http, ReplayCheck check, AccessBook book)
    {
        await book.Read(http, "verification.replay");
        if (await check.Run(http.RequestAborted) is not { } verdict)
            return Problem.Of(409, "already-running", "A replay already runs on this silo; wait for it to end.");
        return Results.Json(new
        {
            patients = verdict.Patients,
            predictions = verdict.Predictions,
            mismatches = verdict.Mismatches,
            notEvaluable = verdict.NotEvaluable,
            examples = verdict.Examples.Select(e => new { patient = e.Patient.Value, turn = e.Turn, feature = e.Feature }),
            seconds = verdict.Seconds,
        });
    }
}
