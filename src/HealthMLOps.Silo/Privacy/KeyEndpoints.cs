using HealthMLOps.Access;
using HealthMLOps.Audit;
using HealthMLOps.Storage;

namespace HealthMLOps.Privacy;

/// <summary>The key ring: look at it, begin a new key. No secret is ever answered.</summary>
public static class KeyEndpoints
{
    public static void MapKeys(this IEndpointRouteBuilder routes)
    {
        var keys = routes.MapGroup("/api/v1/keys").WithTags("keys");
        keys.MapGet("/", List).Requires(Permission.ManageKeys);
        keys.MapPost("/rotate", Rotate).Requires(Permission.ManageKeys);
    }

    private static async Task<IResult> List(HttpContext http, KeyRing ring, PatientKeys patients)
    {
        var wrapped = await patients.CountByRingKey(http.RequestAborted);
        return Results.Json(new { items = ring.Keys.Select(k => Item(k, wrapped.GetValueOrDefault(k.Id))) });
    }

    /// <summary>What is sealed stays readable; the patients' keys are wrapped anew behind the answer.</summary>
    private static async Task<IResult> Rotate(HttpContext http, KeyRing ring, RewrapWork work, AuditBook book, TimeProvider clock)
    {
        await book.Record(book.By(http, "keys.rotate"));
        var key = ring.Rotate(clock.GetUtcNow());
        work.Begin();
        return Results.Json(Item(key, 0), statusCode: StatusCodes.Status202Accepted);
    }

    private static object Item(RingKey key, long wraps) =>
        new { id = key.Id, created = key.Created, activated = key.Activated, expires = key.Expires, patientKeys = wraps };
}
