using System.Security.Claims;
using Microsoft.AspNetCore;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;

namespace HealthMLOps.Access;

/// <summary>SMART Backend Services: the token endpoint, and the documents by which clients find it.</summary>
public static class TokenEndpoints
{
    public const string TokenPath = "oauth/token";
    public const string KeysPath = ".well-known/jwks.json";

    private static readonly string[] Methods = ["private_key_jwt"];
    private static readonly string[] Algorithms = ["RS384", "ES384"];
    private static readonly string[] Grants = ["client_credentials"];
    private static readonly string[] Capabilities = ["client-confidential-asymmetric", "permission-v1", "permission-v2"];
    private static readonly string[] Scopes =
        ["system/RiskAssessment.rs", "system/Patient.rs", "system/Observation.rs", "system/Condition.rs", "system/Encounter.rs", "system/MedicationRequest.rs"];

    public static void MapTokens(this IEndpointRouteBuilder routes)
    {
        routes.MapPost("/" + TokenPath, Grant).WithTags("tokens").Requires(Permission.Public);
        routes.MapGet("/" + KeysPath, (AccessKeys keys) => Results.Json(new { keys = keys.Public })).WithTags("tokens").Requires(Permission.Public);
        routes.MapGet("/.well-known/smart-configuration", Configuration).WithTags("tokens").Requires(Permission.Public);
        routes.MapGet("/fhir/.well-known/smart-configuration", Configuration).WithTags("tokens").Requires(Permission.Public);
    }

    /// <summary>The request has been checked before it gets here: a known client, its own signature, an assertion never used before (<see cref="AssertionRules"/>).</summary>
    private static IResult Grant(HttpContext http, AccessBoard board, PublicAddress address)
    {
        var request = http.GetOpenIddictServerRequest() ?? throw new InvalidOperationException("The token endpoint is reached through the token server alone.");
        var client = board.Current.Clients[request.ClientId ?? ""];
        var granted = ScopeSet.Of(client.Scopes).Grantable(request.GetScopes()).Select(scope => scope.ToString()).Distinct().ToList();
        if (granted.Count == 0)
        {
            return Results.Json(new { error = "invalid_scope", error_description = "None of the asked scopes is registered for this client." }, statusCode: 400);
        }
        var identity = new ClaimsIdentity(OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        identity.SetClaim(OpenIddictConstants.Claims.Subject, client.Id);
        identity.SetScopes(granted);
        identity.SetAudiences(address.Issuer);
        return Results.SignIn(new ClaimsPrincipal(identity), null, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
    }

    private static IResult Configuration(PublicAddress address) => Results.Json(new
    {
        issuer = address.Issuer,
        jwks_uri = address.Root.AbsoluteUri + KeysPath,
        token_endpoint = address.TokenEndpoint,
        token_endpoint_auth_methods_supported = Methods,
        token_endpoint_auth_signing_alg_values_supported = Algorithms,
        grant_types_supported = Grants,
        scopes_supported = Scopes,
        capabilities = Capabilities,
    });
}
