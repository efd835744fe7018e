using System.Collections.Immutable;
using HealthMLOps.Clinical;
using HealthMLOps.Hosting;

namespace HealthMLOps.Access;

/// <summary>What <c>config/access.json</c> says: limits, browsers' origins, and the identity providers of others that we believe.</summary>
public sealed record AccessConfiguration
{
    public const string File = "access.json";

    private static readonly CallerLimit HaltsDefault = new(PerSecond: 20, Burst: 100);

    private static readonly string[] Needed = [CallerLimits.Strangers, CallerLimits.Control, CallerLimits.Patients, CallerLimits.Ingest];

    public required ImmutableDictionary<string, CallerLimit> Limits { get; init; }

    /// <summary>What a file of a former release, which knows no limit of that name, means.</summary>
    public CallerLimit LimitOf(string name) => Limits.GetValueOrDefault(name) ?? HaltsDefault;

    /// <summary>Origins whose pages may call us from a browser; none unless configured.</summary>
    public ImmutableArray<string> CorsOrigins { get; init; } = [];

    /// <summary>OpenID providers whose access tokens name people.</summary>
    public ImmutableArray<TrustedIssuer> Issuers { get; init; } = [];

    /// <summary>EHRs whose CDS Hooks requests are signed.</summary>
    public ImmutableArray<CdsClient> CdsClients { get; init; } = [];

    /// <exception cref="InvalidConfiguration">A limit is missing, or two issuers have one name.</exception>
    public static AccessConfiguration Read(PolicyFolder policy)
    {
        var read = policy.ReadOne<AccessConfiguration>(File);
        if (Needed.FirstOrDefault(name => !read.Limits.ContainsKey(name)) is { } missing) throw new InvalidConfiguration($"{File} names no limit '{missing}'.");
        var twice = read.Issuers.Select(i => i.Issuer).Concat(read.CdsClients.Select(c => c.Issuer)).GroupBy(i => i).FirstOrDefault(g => g.Count() > 1);
        return twice is null ? read : throw new InvalidConfiguration($"{File} names the issuer '{twice.Key}' {twice.Count()} times; once is allowed.");
    }
}

/// <param name="PerSecond">Requests a second that a caller may make for ever.</param>
/// <param name="Burst">Requests that may come at once.</param>
public sealed record CallerLimit(int PerSecond, int Burst);

/// <summary>An OpenID provider that we believe, and what its claims mean here.</summary>
public sealed record TrustedIssuer
{
    /// <summary>The <c>iss</c> of its tokens.</summary>
    public required string Issuer { get; init; }

    /// <summary>The <c>aud</c> that its tokens for us carry.</summary>
    public required string Audience { get; init; }

    /// <summary>A file with its keys (JWKS), beside the configuration; null = they are found through the authority.</summary>
    public string? JwksFile { get; init; }

    /// <summary>Address under which <c>.well-known/openid-configuration</c> is read, through the egress register.</summary>
    public Uri? Authority { get; init; }

    /// <summary>Claim with the person's lasting id.</summary>
    public string PersonClaim { get; init; } = "sub";

    /// <summary>Whether that id stands as it is, so that it may mean a person of our own; else the person is <c>id@issuer</c>.</summary>
    public bool LinksPeople { get; init; }
    public string NameClaim { get; init; } = "name";
    public string RoleClaim { get; init; } = "roles";

    /// <summary>Claim with the person's units; null = not limited by unit.</summary>
    public string? UnitClaim { get; init; }

    /// <summary>How long after the person's login at the provider (<c>auth_time</c>) a token of it may still sign.</summary>
    public int SigningMaxAgeMinutes { get; init; } = 5;

    /// <summary>A value of the role claim and the role it gives. Values that are not listed give nothing.</summary>
    public required ImmutableDictionary<string, Role> Roles { get; init; }
}

/// <summary>An EHR whose CDS Hooks requests carry a JWT of its own.</summary>
public sealed record CdsClient
{
    public required string Issuer { get; init; }

    /// <summary>The only key address that a token of it may name.</summary>
    public Uri? Jku { get; init; }
    public string? JwksFile { get; init; }
    public required string Source { get; init; }
}
