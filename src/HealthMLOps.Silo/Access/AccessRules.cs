using System.Collections.Immutable;
using HealthMLOps.Clinical;
using HealthMLOps.Privacy;

namespace HealthMLOps.Access;

/// <summary>How a route says what it needs, and how a handler learns who asks.</summary>
public static class AccessRules
{
    private static readonly Caller Stranger = new("anonymous", "anonymous", "Anonymous", [], Purposes.Treatment);

    /// <summary>The route may be called by those who hold the permission.</summary>
    public static TBuilder Requires<TBuilder>(this TBuilder route, Permission permission) where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new RequiredPermission(permission));

    /// <summary>The route is about one patient, whose EHR id this tells. Who sees only some patients is checked by it.</summary>
    public static TBuilder About<TBuilder>(this TBuilder route, Func<HttpContext, string?> ehrId) where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new PatientAskedFor((http, keys, source) => ehrId(http) is { Length: > 0 } id ? keys.Patient(source, id) : null));

    /// <summary>The same, where the request carries the pseudonym.</summary>
    public static TBuilder AboutPseudonym<TBuilder>(this TBuilder route, Func<HttpContext, string?> pseudonym) where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new PatientAskedFor((http, _, _) => pseudonym(http) is { } text && PatientKey.IsPseudonym(text) ? new PatientKey(text) : null));

    /// <summary>What a scoped token must cover to call the route; a route that says nothing is closed to scoped tokens.</summary>
    public static TBuilder InScope<TBuilder>(this TBuilder route, Func<HttpContext, IEnumerable<ScopeNeed>> needs) where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new ScopeNeeds(needs));

    /// <summary>Who asks; a stranger without any role where no credential came.</summary>
    public static Caller Caller(this HttpContext http) => http.Features.Get<Caller>() ?? Stranger;

    public static bool IsStranger(this HttpContext http) => http.Features.Get<Caller>() is null;

    /// <summary>Whether a scoped token may see resources of that type; always, where the credential has no scopes.</summary>
    public static bool MaySee(this Caller caller, string resourceType) =>
        caller.Scopes is not { } words || ScopeSet.Of(words).Covers([new ScopeNeed(resourceType, Interactions.Read)]);

    internal static ImmutableArray<ScopeNeed> NeedsOf(this Endpoint endpoint, HttpContext http) =>
        endpoint.Metadata.GetMetadata<ScopeNeeds>() is { } needs ? [.. needs.Of(http)] : [];
}

/// <summary>Endpoint metadata: the permission that the route needs.</summary>
public sealed record RequiredPermission(Permission Permission);

/// <summary>Endpoint metadata: how to tell which patient a request is about.</summary>
public sealed record PatientAskedFor(Func<HttpContext, IdentityKeys, SourceName, PatientKey?> Patient);

/// <summary>Endpoint metadata: what a scoped token must cover.</summary>
public sealed record ScopeNeeds(Func<HttpContext, IEnumerable<ScopeNeed>> Of);
