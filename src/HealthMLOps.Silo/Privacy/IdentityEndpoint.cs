using HealthMLOps.Access;
using HealthMLOps.Audit;
using HealthMLOps.Clinical;
using HealthMLOps.Problems;

namespace HealthMLOps.Privacy;

/// <summary><c>GET /api/v1/patients/by-pseudonym/{pseudonym}/identity</c>: who a pseudonym is, for those at the bedside. Each look is on the record.</summary>
public static class IdentityEndpoint
{
    public static void MapIdentity(this IEndpointRouteBuilder routes) =>
        routes.MapGet("/api/v1/patients/by-pseudonym/{pseudonym}/identity", Read).WithTags("patients")
            .Requires(Permission.ReadIdentity).AboutPseudonym(http => http.GetRouteValue("pseudonym") as string);

    private static async Task<IResult> Read(string pseudonym, HttpContext http, IdentityVault vault, AccessBook book)
    {
        if (!PatientKey.IsPseudonym(pseudonym)) return Problem.Of(400, "pseudonym", "A pseudonym is 'pt-' and 26 letters.");
        var patient = new PatientKey(pseudonym);
        var found = await vault.Open(patient, http.RequestAborted);
        await book.Read(http, "identity.read", patient, found is null ? "unknown-patient" : "ok");
        return found is var (id, name)
            ? Results.Json(new { pseudonym, source = id.Source.Value, patient = id.Id.Reveal(), name = name?.Reveal() })
            : Problem.Of(404, "unknown-patient", "No resource has ever referred to this patient.");
    }
}
