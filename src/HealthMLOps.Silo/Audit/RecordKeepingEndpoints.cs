using HealthMLOps.Access;
using HealthMLOps.Hosting;
using HealthMLOps.Privacy;
using HealthMLOps.Problems;

namespace HealthMLOps.Audit;

/// <summary>Legal holds, and hiding what has served its time.</summary>
public static class RecordKeepingEndpoints
{
    public static void MapRecordKeeping(this IEndpointRouteBuilder audit)
    {
        audit.MapGet("/holds", async (RecordKeeper keeper, HttpContext http) => Results.Json(new { items = await keeper.Holds(http.RequestAborted) })).Requires(Permission.ReadAudit);
        audit.MapPost("/holds", Hold).Requires(Permission.ManageRecords);
        audit.MapPost("/holds/{hold:long}/release", Release).Requires(Permission.ManageRecords);
        audit.MapGet("/removals", async (RecordKeeper keeper, HttpContext http) => Results.Json(new { items = await keeper.Removals(http.RequestAborted) })).Requires(Permission.ReadAudit);
        audit.MapPost("/removals", Propose).Requires(Permission.ManageRecords);
        audit.MapPost("/removals/{removal:long}/approve", Approve).Requires(Permission.ManageRecords);
    }

    private static async Task<IResult> Hold(HoldRequest request, HttpContext http, RecordKeeper keeper, SiloSettings settings, IdentityKeys keys)
    {
        if (request.Object is null == request.Patient is null) return Problem.Of(400, "hold", "A hold is on an 'object' or on a 'patient', not both.");
        if (AuditQuery.Patient(request.Patient, http, settings, keys) is not (true, var patient)) return Problem.Of(404, "unknown-source", "Query 'source' names no configured source.");
        return await Answered(async () => Results.Json(await keeper.Hold(http.Caller(), patient is null ? LegalHold.Object : LegalHold.Patient,
            patient?.Value ?? request.Object!, request.Reason ?? "", http.RequestAborted), statusCode: 201));
    }

    private static Task<IResult> Release(long hold, ReasonRequest request, HttpContext http, RecordKeeper keeper) =>
        Answered(async () => await keeper.Release(http.Caller(), hold, request.Reason ?? "", http.RequestAborted) is { } released
            ? Results.Json(released) : Problem.Of(404, "unknown-hold", "No hold has that number."));

    private static Task<IResult> Propose(RemovalRequest request, HttpContext http, RecordKeeper keeper) =>
        Answered(async () => request.Before is { } before
            ? Results.Json(await keeper.Propose(http.Caller(), before, request.Reason ?? "", http.RequestAborted), statusCode: 201)
            : Problem.Of(400, "before", "A removal hides what is 'before' an instant."));

    private static Task<IResult> Approve(long removal, HttpContext http, RecordKeeper keeper) =>
        Answered(async () => await keeper.Approve(http.Caller(), removal, http.RequestAborted) is { } approved
            ? Results.Json(approved) : Problem.Of(404, "unknown-removal", "No removal has that number."));

    private static async Task<IResult> Answered(Func<Task<IResult>> act)
    {
        try { return await act(); }
        catch (RecordRefused refused) { return Problem.Of(refused.Code == "two-persons" ? 409 : 422, refused.Code, refused.Message); }
    }

    public sealed record HoldRequest(string? Object, Phi? Patient, string? Reason)
    {
        public override string ToString() => "[hold request]";
    }

    public sealed record ReasonRequest(string? Reason)
    {
        public override string ToString() => "[reason request]";
    }

    public sealed record RemovalRequest(DateTimeOffset? Before, string? Reason)
    {
        public override string ToString() => "[removal request]";
    }
}
