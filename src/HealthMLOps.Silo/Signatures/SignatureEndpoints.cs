using System.Text.Json;
using HealthMLOps.Access;
using HealthMLOps.Problems;

namespace HealthMLOps.Signatures;

/// <summary>Signatures: sign, list, look.</summary>
public static class SignatureEndpoints
{
    public const int CountMax = 1_000;
    public const int CountDefault = 100;

    public static void MapSignatures(this IEndpointRouteBuilder routes)
    {
        var signatures = routes.MapGroup("/api/v1/signatures").WithTags("signatures");
        signatures.MapPost("/", Sign).Requires(Permission.Sign);
        signatures.MapGet("/", List).Requires(Permission.ReadRings);
        signatures.MapGet("/{signature}", Show).Requires(Permission.ReadRings);
    }

    private static async Task<IResult> Sign(SigningRequest request, HttpContext http, SignatureBook book)
    {
        try
        {
            var signing = new Signing(request.Meaning ?? "", request.Subject ?? "", request.Digest ?? "") { Role = request.Role };
            return Results.Json(await book.Sign(http.Caller(), signing, request.Credential ?? "", http.RequestAborted), JsonSerializerOptions.Web, statusCode: 201);
        }
        catch (SignatureRefused refused)
        {
            return Problem.Of(refused.Code == "reauthentication" ? 403 : 422, refused.Code, refused.Message);
        }
    }

    private static async Task<IResult> List(string? digest, string? subject, int? count, string? after, HttpContext http, SignatureStore store)
    {
        if (count is < 1 or > CountMax) return Problem.Of(400, "count", $"Query 'count' is 1 to {CountMax}; got {count}.");
        var last = after is null ? null : await store.Get(after, http.RequestAborted);
        if (after is not null && last is null) return Problem.Of(400, "after", "Query 'after' is the 'next' of an earlier answer.");
        var found = await store.Find(digest, subject, last, count ?? CountDefault, http.RequestAborted);
        return Results.Json(new { items = found, next = found.Count == (count ?? CountDefault) ? found[^1].Id : null }, JsonSerializerOptions.Web);
    }

    private static async Task<IResult> Show(string signature, HttpContext http, SignatureStore store) =>
        await store.Get(signature, http.RequestAborted) is { } found
            ? Results.Json(found, JsonSerializerOptions.Web)
            : Problem.Of(404, "unknown-signature", "No signature has that id.");

    /// <param name="Credential">The signer's credential, repeated.</param>
    public sealed record SigningRequest(string? Meaning, string? Subject, string? Digest, string? Role, string? Credential)
    {
        public override string ToString() => "[signing request]";
    }
}
