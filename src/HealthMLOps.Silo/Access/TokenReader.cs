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

    /// <summary>A longer name or jti is not taken, nor a person's id, which stands in an account beside its issuer.</summary>
    private const int WordLettersMax = 200;
    private const int PersonLettersMax = 100;

    private const string CdsPath = "/cds-services";
    private static readonly string[] ResourceContexts = ["patient/", "user/", "system/"];
    private static readonly string[] SmartAlgorithms = [SecurityAlgorithms.RsaSha384, SecurityAlgorithms.EcdsaSha384];
    private static readonly string[] OidcAlgorithms = [.. SmartAlgorithms, SecurityAlgorithms.RsaSha256, SecurityAlgorithms.EcdsaSha256];

    private readonly JsonWebTokenHandler _handler = new() { MapInboundClaims = false };

    /// <summary>Whether a credential is a token (header, content, signature) and no secret of ours, which holds no dot.</summary>
    public static bool IsToken(string credential) => credential.Count(letter => letter == '.') == 2;

    /// <param name="text">The token.</param>
    /// <param name="path">What was called with it: an EHR's own JWT is made for one address.</param>
    /// <param name="cancellation">Ends the waiting for an issuer's keys.</param>
    /// <returns>The caller, or why the token is not believed.</returns>
    public async ValueTask<(Caller? Caller, string Why)> Read(string text, PathString path, CancellationToken cancellation)
    {
        if (text.Length > LettersMax) return (null, "token-too-long");
        JsonWebToken token;
        try { token = _handler.ReadJsonWebToken(text); }
        catch (Exception e) when (e is ArgumentException or SecurityTokenException) { return (null, "token-malformed"); }
        try
        {
            if (token.Issuer == address.Issuer) return await OfOurs(token);
            if (configuration.Issuers.FirstOrDefault(i => i.Issuer == token.Issuer) is { } issuer) return await OfPerson(token, issuer, cancellation);
            return configuration.CdsClients.FirstOrDefault(c => c.Issuer == token.Issuer) is { } ehr && path.StartsWithSegments(CdsPath, StringComparison.Ordinal)
                ? await OfEhr(token, ehr, path, cancellation) : (null, "token-issuer");
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
        var id = Words(token, issuer.PersonClaim).FirstOrDefault();
        var name = Words(token, issuer.NameClaim).FirstOrDefault() ?? id;
        if (!IsPerson(id) || name is not { Length: > 0 and <= WordLettersMax } || name.Any(char.IsControl)) return (null, "token-person");
        var roles = Words(token, issuer.RoleClaim).Where(issuer.Roles.ContainsKey).Select(value => issuer.Roles[value]).Where(RolePermissions.IsPersonal).Distinct().ToImmutableArray();
        // Two providers may give one id to two people, and ours are not theirs to name unless the configuration says so.
        var person = issuer.LinksPeople ? id : $"{id}@{issuer.Issuer}";
        // A person of our own with that id may have been disabled here; that counts whoever vouches for them.
        if (board.Current.People.TryGetValue(person, out var known) && known.IsDisabled) return (null, "person-disabled");
        return (new Caller(person, $"oidc:{id}@{issuer.Issuer}", name, roles, Purposes.UsualFor(roles))
        {
            Units = issuer.UnitClaim is { } unit ? Words(token, unit) : null, SignsUntil = SignsUntil(token, issuer), Scopes = ResourceScopes(token),
        }, "");
    }

    /// <summary>Resource scopes that the provider granted limit the person too; null where it speaks of none. One that we can't read gives nothing, and limits all the same.</summary>
    private static ImmutableArray<string>? ResourceScopes(JsonWebToken token)
    {
        var scopes = Words(token, "scope").SelectMany(words => words.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Where(word => ResourceContexts.Any(context => word.StartsWith(context, StringComparison.Ordinal))).ToImmutableArray();
        return scopes.IsEmpty ? null : scopes;
    }

    /// <summary>Ids that mean somebody of our own are nobody else's to give, whatever a provider says.</summary>
    private static bool IsPerson([System.Diagnostics.CodeAnalysis.NotNullWhen(true)] string? id) => id is { Length: > 0 and <= PersonLettersMax } && !id.Any(char.IsControl)
        && id is not (SecretHolders.Owner or "anonymous" or "system") && !id.StartsWith("client:", StringComparison.Ordinal) && !id.StartsWith("sender:", StringComparison.Ordinal);

    /// <summary>A signature wants proof of who signs at the moment of signing: the provider's <c>auth_time</c> must be this young (OpenID Connect's <c>max_age</c>).</summary>
    private DateTimeOffset? SignsUntil(JsonWebToken token, TrustedIssuer issuer)
    {
        if (!token.TryGetPayloadValue<long>("auth_time", out var seconds) || seconds <= 0 || seconds > time.GetUtcNow().ToUnixTimeSeconds() + (long)ClockSkewMax.TotalSeconds) return null;
        return DateTimeOffset.FromUnixTimeSeconds(seconds) + TimeSpan.FromMinutes(issuer.SigningMaxAgeMinutes);
    }

    private async Task<(Caller?, string)> OfEhr(JsonWebToken token, CdsClient ehr, PathString path, CancellationToken cancellation)
    {
        if (token.TryGetHeaderValue<string>("jku", out var named) && ehr.Jku?.AbsoluteUri != named) return (null, "token-jku");
        var key = ehr.JwksFile is { } file ? await foreign.InFile(file, token.Kid, cancellation)
            : ehr.Jku is { } jku ? await foreign.AtUrl(jku, token.Kid, cancellation) : null;
        var audience = address.Root.AbsoluteUri.TrimEnd('/') + path;
        if (key is null || await Fault(token, key, SmartAlgorithms, ehr.Issuer, audience) is not null) return (null, "token-invalid");
        var now = time.GetUtcNow();
        if (token.ValidTo - now.UtcDateTime > CdsLifeMax + ClockSkewMax || token.IssuedAt == default || token.IssuedAt > now.UtcDateTime + ClockSkewMax) return (null, "token-life");
        if (token.Id is not { Length: > 0 and <= WordLettersMax }) return (null, "token-invalid");
        if (!await store.UseOnce(ehr.Issuer, token.Id, new DateTimeOffset(token.ValidTo, TimeSpan.Zero) + ClockSkewMax, now, cancellation)) return (null, "token-replayed");
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
