using HealthMLOps.Access;
using HealthMLOps.Patients;

namespace HealthMLOps.Egress;

/// <summary><c>GET /api/v1/egress</c>: every place that this system may call, with what, and under which agreement.</summary>
public static class EgressEndpoint
{
    public static void MapEgress(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/egress", List).WithTags("egress").Requires(Permission.ReadEgress);

    private static IResult List(EgressRegister register, TimeProvider time) => Results.Json(register.Destinations.Select(d => new
    {
        name = d.Name,
        kind = Kebab.Of(d.Kind.ToString()),
        address = d.Address.AbsoluteUri,
        dataClass = Kebab.Of(d.DataClass.ToString()),
        agreement = d.Agreement?.Reference,
        expires = d.Agreement?.Expires,
        open = d.Refusal(d.DataClass, time.GetUtcNow()) is null,
    }));
}
