using System.Collections.Immutable;
using HealthMLOps.Egress;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace HealthMLOps.Access;

/// <summary>Reads bearer tokens: our own, those of configured OpenID providers, and, at the CDS services, an EHR's own JWT.</summary>
/// <remarks>Only RS384 and ES384 count (RS256 and ES256 too, from OpenID providers): never <c>none</c>, never a shared secret.</remarks>
public sealed class TokenReader(AccessBoard board, AccessKeys keys, ForeignKeys foreign, AccessConfiguration configuration, AccessStore store, PublicAddress address, TimeProvider time)
{
    /// <summary>Longer tokens are not read.</summary>
    public const int LettersMax = 8 * 1024;

    public static readonly TimeSpan ClockSkewMax = TimeSpan.FromSeconds(60);

    /// <summary>The longest life of an EHR's own JWT.</summary>
    public static readonly TimeSpan CdsLifeMax = TimeSpan.FromMinutes(10);

    private const string CdsPath = "/cds-services";
    private static readonly string[] SmartAlgorithms = [SecurityAlgorithms.RsaSha384, SecurityAlgorithms.EcdsaSha384];
    private static readonly string[] OidcAlgorithms = [.. SmartAlgorithms, SecurityAlgorithms.RsaSha256, SecurityAlgorithms.EcdsaSha256];

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };

    /// <returns>The caller, or why the token is not believed.</returns>
    public async ValueTask<(Caller? Caller, string Why)> Read(string text, HttpContext http)
    {
        if (text.Length > LettersMax) return (null, "token-too-long");
        JsonWebToken token;
        try { token = _handler.ReadJsonWebToken(text); }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException) { return (null, "token-malformed"); }
        try
        {
            if (token.Issuer == address.Issuer) return await OfOurs(token);
            if (configuration.Issuers.FirstOrDefault(i => i.Issuer == token.Issuer) is { } issuer) return await OfPerson(token, issuer, http.RequestAborted);
            return configuration.CdsClients.FirstOrDefault(c => c.Issuer == token.Issuer) is { } ehr && http.Request.Path.StartsWithSegments(CdsPath, StringComparison.Ordinal)
                ? await OfEhr(token, ehr, http) : (null, "token-issuer");
        }
        catch (Exception e) when (e is HttpRequestException or EgressRefused or InvalidDataException or System.Text.Json.JsonException) { return (null, "issuer-keys-unavailable"); }
    }

    private async Task<(Caller?, string)> OfOurs(JsonWebToken token)
    {
        var key = keys.All.FirstOrDefault(k => k.KeyId == token.Kid);
        if (token.Typ is not "at+jwt" || key is null || await Fault(token, key, [AccessKeys.Algorithm], address.Issuer, address.Issuer) is not null) return (null, "token-invalid");
        if (!board.Current.Clients.TryGetValue(token.Subject, out var client) || client.IsDisabled) return (null, "client-disabled");
        var scopes = token.TryGetPayloadValue<string>("scope", out var words) ? words.Split(' ', StringSplitOptions.RemoveEmptyEntries) : [];
        return (new Caller("client:" + client.Id, "client:" + client.Id, client.PrintedName, client.Roles, Purposes.UsualFor(client.Roles))
        {
            Source = client.Source, Scopes = [.. scopes],
        }, "");
    }

    private async Task<(Caller?, string)> OfPerson(JsonWebToken token, TrustedIssuer issuer, CancellationToken cancellation)
    {
        var key = issuer.JwksFile is { } file ? await foreign.InFile(file, token.Kid, cancellation)
            : issuer.Authority is { } authority ? await foreign.OfAuthority(authority, issuer.Issuer, token.Kid, cancellation) : null;
        if (key is null || await Fault(token, key, OidcAlgorithms, issuer.Issuer, issuer.Audience) is not null) return (null, "token-invalid");
        var person = Words(token, issuer.PersonClaim).FirstOrDefault();
        if (string.IsNullOrEmpty(person)) return (null, "token-invalid");
        var roles = Words(token, issuer.RoleClaim).Where(issuer.Roles.ContainsKey).Select(value => issuer.Roles[value]).Where(RolePermissions.IsPersonal).Distinct().ToImmutableArray();
        // A person of our own with that id may have been disabled here; that counts whoever vouches for them.
        if (board.Current.People.TryGetValue(person, out var known) && known.IsDisabled) return (null, "person-disabled");
        return (new Caller(person, $"oidc:{person}", Words(token, issuer.NameClaim).FirstOrDefault() ?? person, roles, Purposes.UsualFor(roles))
        {
            Units = issuer.UnitClaim is { } unit ? Words(token, unit) : null,
        }, "");
    }

    private async Task<(Caller?, string)> OfEhr(JsonWebToken token, CdsClient ehr, HttpContext http)
    {
        if (token.TryGetHeaderValue<string>("jku", out var named) && ehr.Jku?.AbsoluteUri != named) return (null, "token-jku");
        var key = ehr.JwksFile is { } file ? await foreign.InFile(file, token.Kid, http.RequestAborted)
            : ehr.Jku is { } jku ? await foreign.AtUrl(jku, token.Kid, http.RequestAborted) : null;
        var audience = address.Root.AbsoluteUri.TrimEnd('/') + http.Request.Path;
        if (key is null || await Fault(token, key, SmartAlgorithms, ehr.Issuer, audience) is not null) return (null, "token-invalid");
        var now = time.GetUtcNow();
        if (token.ValidTo - now.UtcDateTime > CdsLifeMax + ClockSkewMax || string.IsNullOrEmpty(token.Id)) return (null, "token-life");
        if (!await store.UseOnce(ehr.Issuer, token.Id, new DateTimeOffset(token.ValidTo, TimeSpan.Zero) + ClockSkewMax, now, http.RequestAborted)) return (null, "token-replayed");
        return (new Caller("client:" + ehr.Issuer, "cds:" + ehr.Issuer, ehr.Issuer, [Role.ClinicalApp], Purposes.Treatment) { Source = ehr.Source }, "");
    }

    private async Task<string?> Fault(JsonWebToken token, SecurityKey key, IEnumerable<string> algorithms, string issuer, string audience)
    {
        var now = time.GetUtcNow().UtcDateTime;
        var verdict = await _handler.ValidateTokenAsync(token, new TokenValidationParameters
        {
            IssuerSigningKey = key,
            ValidAlgorithms = algorithms,
            ValidIssuer = issuer,
            ValidAudience = audience,
            RequireExpirationTime = true,
            RequireSignedTokens = true,
            ClockSkew = ClockSkewMax,
            LifetimeValidator = (from, until, _, _) => until is { } end && now < end + ClockSkewMax && (from is null || now >= from - ClockSkewMax),
        });
        return verdict.IsValid ? null : verdict.Exception?.GetType().Name ?? "invalid";
    }

    private static ImmutableArray<string> Words(JsonWebToken token, string claim) => [.. token.Claims.Where(c => c.Type == claim).Select(c => c.Value)];
}
