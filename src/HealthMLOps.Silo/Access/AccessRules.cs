using System.Security.Claims;
using HealthMLOps.Hosting;

namespace HealthMLOps.Access;

/// <summary>How a route says what it needs, and how a handler learns who asks.</summary>
public static class AccessRules
{
    /// <summary>The route may be called by those who hold the permission.</summary>
    public static TBuilder Requires<TBuilder>(this TBuilder route, Permission permission) where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new RequiredPermission(permission));

    /// <summary>Who asks.</summary>
    public static Caller Caller(this HttpContext http) =>
        http.User.IsInRole(Roles.Owner)
            ? new Caller("owner", "owner", "Owner", [Role.Owner], "TREAT")
            : new Caller(http.Actor(), http.Actor(), http.Actor(), [Role.Sender], "TREAT") { Source = http.User.FindFirstValue(Roles.SourceClaim) };
}

/// <summary>Endpoint metadata: the permission that the route needs.</summary>
public sealed record RequiredPermission(Permission Permission);
