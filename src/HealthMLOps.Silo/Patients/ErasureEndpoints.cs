using HealthMLOps.Access;
using HealthMLOps.Audit;
using HealthMLOps.Hosting;
using HealthMLOps.Intake;
using HealthMLOps.Privacy;
using HealthMLOps.Problems;
using HealthMLOps.Storage;

namespace HealthMLOps.Patients;

/// <summary>Erases one patient for ever: their data key is destroyed, and every later question is answered "erased".</summary>
public static class ErasureEndpoints
{
    public const int ReasonCharsMax = 500;

    public static void MapErasures(this IEndpointRouteBuilder routes) =>
        routes.MapPost("/api/v1/patients/{id}/erase", Erase).WithTags("patients").Requires(Permission.ErasePatient);

    private static async Task<IResult> Erase(
        Phi id, ErasureRequest request, HttpContext http, SiloSettings settings, IdentityKeys keys, IGrainFactory grains, AuditBook book, QuarantineErasure quarantine, Erasures erasures)
    {
        if (http.SourceOf(settings) is not { } source) return PatientEndpoints.UnknownSource();
        if (request.Reason is not { Length: > 0 and <= ReasonCharsMax })
            return Problem.Of(400, "reason", $"'reason' says on what ground it is erased, in 1 to {ReasonCharsMax} characters; got {request.Reason?.Length ?? 0}.");
        var patient = keys.Patient(source, id);
        await book.Record(book.By(http, "patient.erase") with { Patient = patient, Payload = request.Reason });
        await grains.GetGrain<IPatientGrain>(patient.Value).Erase();
        // From here on nobody stops it: what waits in quarantine goes too, whoever still listens.
        var (items, remaining) = await quarantine.Erase(source, id, CancellationToken.None);
        return Results.Json(new { erased = true, quarantine = new { erased = items, remaining }, traces = await erasures.Purge(CancellationToken.None) });
    }

    /// <param name="Reason">On what ground; kept sealed beside the record, so it should name nobody.</param>
    public sealed record ErasureRequest(string? Reason)
    {
        public override string ToString() => "[erasure request]";
    }
}

/// <summary>Answers 410 for an erased patient before anything else is asked about them; the attempt is on the record.</summary>
public sealed class ErasedFilter(Erasures erasures, IdentityKeys keys, SiloSettings settings, AuditBook book) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        if (http.GetRouteValue("id") is not string id || http.SourceOf(settings) is not { } source) return await next(context);
        var patient = keys.Patient(source, id);
        if (!erasures.Has(patient)) return await next(context);
        await book.Read(http, "patient.read", patient, "erased");
        return Problem.Of(410, "erased", "This patient's record was erased on request; nothing of it can be read any more.");
    }
}
