using HealthMLOps.Egress;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace HealthMLOps.Access;

/// <summary>What a client's assertion must be (SMART Backend Services): signed by a registered key, made for our token endpoint, short-lived, and used once.</summary>
/// <remarks>The token server runs without stores of its own, so whose key it is and whether it was used is told here.</remarks>
public sealed class AssertionRules(AccessBoard board, AccessStore store, ForeignKeys foreign, PublicAddress address, TimeProvider time) :
    IOpenIddictServerHandler<ValidateTokenContext>, IOpenIddictServerHandler<ProcessAuthenticationContext>
{
    public static readonly TimeSpan LifeMax = TimeSpan.FromMinutes(5);

    private const string AssertionType = OpenIddictConstants.TokenTypeIdentifiers.Private.ClientAssertion;
    private const string Judged = "healthml:assertion-judged";
    private const string JwtType = "client-authentication+jwt";
    private static readonly string[] Algorithms = [SecurityAlgorithms.RsaSha384, SecurityAlgorithms.EcdsaSha384];

    /// <summary>Finds the key before the signature is checked.</summary>
    public async ValueTask HandleAsync(ValidateTokenContext context)
    {
        if (!context.ValidTokenTypes.Contains(AssertionType) || context.TokenValidationParameters is not { } rules) return;
        var key = await KeyOf(context.Token, context.CancellationToken);
        rules.IssuerSigningKeyResolver = (_, _, _, _) => key is null ? [] : [key];
        rules.ValidAlgorithms = Algorithms;
        context.DisableAudienceValidation = true; // It would ask for the issuer; SMART names the token endpoint, which is checked below.
        rules.TypeValidator = (type, _, _) => type is null or "JWT" or JwtType ? JwtType : throw new SecurityTokenInvalidTypeException("The assertion's 'typ' is JWT.");
    }

    /// <summary>Judges the rest once the signature has been believed.</summary>
    public async ValueTask HandleAsync(ProcessAuthenticationContext context)
    {
        if (context.EndpointType != OpenIddictServerEndpointType.Token || context.ClientAssertionPrincipal is not { } assertion) return;
        if (!context.Transaction.Properties.TryAdd(Judged, true)) return; // One request is authenticated more than once.
        var client = assertion.GetClaim(OpenIddictConstants.Claims.Subject) ?? "";
        var (jti, expires, now) = (assertion.GetClaim(OpenIddictConstants.Claims.JwtId), assertion.GetExpirationDate(), time.GetUtcNow());
        var fault = assertion.GetClaim(OpenIddictConstants.Claims.Issuer) != client ? "The assertion's 'iss' and 'sub' are the client's id, both."
            : !assertion.GetAudiences().SequenceEqual([address.TokenEndpoint]) ? $"The assertion's 'aud' is {address.TokenEndpoint}."
            : expires is null || now >= expires + TokenReader.ClockSkewMax ? "The assertion has expired."
            : expires - now > LifeMax + TokenReader.ClockSkewMax ? $"The assertion's 'exp' is at most {LifeMax.TotalMinutes:0} minutes away."
            : string.IsNullOrEmpty(jti) || jti.Length > 200 ? "The assertion has a 'jti' of 1 to 200 letters."
            : await store.UseOnce(client, jti, expires.Value + TokenReader.ClockSkewMax, now, context.CancellationToken) ? null : "The assertion was used before.";
        if (fault is not null) context.Reject(OpenIddictConstants.Errors.InvalidClient, fault);
    }

    private async Task<SecurityKey?> KeyOf(string assertion, CancellationToken cancellation)
    {
        try
        {
            var token = new JsonWebToken(assertion);
            if (!board.Current.Clients.TryGetValue(token.Issuer, out var client) || client.IsDisabled) return null;
            if (client.Jwks is { } registered) return ForeignKeys.InSet(registered, token.Kid);
            if (client.JwksUrl is not { } url || (token.TryGetHeaderValue<string>("jku", out var named) && named != url)) return null;
            return await foreign.AtUrl(new Uri(url), token.Kid, cancellation);
        }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException or HttpRequestException or EgressRefused or InvalidDataException) { return null; }
    }
}
