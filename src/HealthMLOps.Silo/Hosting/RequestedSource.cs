using HealthMLOps.Access;
using HealthMLOps.Clinical;

namespace HealthMLOps.Hosting;

/// <summary>What rooms ask of every request: who, and about which source.</summary>
public static class RequestedSource
{
    /// <summary>The name that access records carry.</summary>
    public static string Actor(this HttpContext context) => context.Caller().Account;

    /// <summary>The source that a query names, else the configured default.</summary>
    public static SourceName? SourceOf(this HttpContext context, SiloSettings settings)
    {
        var named = context.Request.Query["source"].ToString();
        return named.Length == 0 ? new SourceName(settings.DefaultSource) : SourceName.IsName(named) ? new SourceName(named) : null;
    }
}
