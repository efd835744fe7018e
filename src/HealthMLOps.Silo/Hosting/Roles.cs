using System.Security.Claims;
using HealthMLOps.Clinical;

namespace HealthMLOps.Hosting;

/// <summary>Roles and the policies that routes name. A route that names none is open to the owner alone.</summary>
public static class Roles
{
    public const string Owner = "owner";
    public const string Sender = "sender";
    public const string SourceClaim = "source";

    /// <summary>The owner, or the sender of the very source that the route names.</summary>
    public const string NotifyPolicy = "notify";

    public static void AddRolePolicies(this IServiceCollection services) =>
        services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new Microsoft.AspNetCore.Authorization.AuthorizationPolicyBuilder().RequireRole(Owner).Build())
            .SetDefaultPolicy(new Microsoft.AspNetCore.Authorization.AuthorizationPolicyBuilder().RequireRole(Owner).Build())
            .AddPolicy(NotifyPolicy, policy => policy.RequireAssertion(context =>
                context.User.IsInRole(Owner)
                || (context.User.IsInRole(Sender) && context.Resource is HttpContext http
                    && string.Equals(http.GetRouteValue("source") as string, context.User.FindFirstValue(SourceClaim), StringComparison.Ordinal))));

    /// <summary>The name that access records carry.</summary>
    public static string Actor(this HttpContext context) => context.User.Identity?.Name ?? "anonymous";

    /// <summary>The source that a query names, else the configured default.</summary>
    public static SourceName? SourceOf(this HttpContext context, SiloSettings settings)
    {
        var named = context.Request.Query["source"].ToString();
        return named.Length == 0 ? new SourceName(settings.DefaultSource) : SourceName.IsName(named) ? new SourceName(named) : null;
    }
}
