using HealthMLOps.Access;
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
    private static Task<IResult> Rotate(HttpContext http, KeyRing ring, SecondPerson second, TimeProvider time) => PeopleEndpoints.Try(async () =>
        SecondPersonEndpoints.Answer(await second.Ask(http.Caller(), new AccessAct.RotateRing(ring.Keys[0].Id), http.RequestAborted),
            () => Results.Json(Item(ring.Keys[0], 0), statusCode: StatusCodes.Status202Accepted), time));

    private static object Item(RingKey key, long wraps) =>
        new { id = key.Id, created = key.Created, activated = key.Activated, expires = key.Expires, patientKeys = wraps };
}
