using System.Text;
using HealthMLOps.Access;
using HealthMLOps.Problems;
using Orleans.Dashboard;

namespace HealthMLOps.Hosting;

/// <summary>Orleans' own dashboard at <see cref="Root"/>: silos, grain types, calls. States of grains and logs are not shown.</summary>
public static class OrleansDashboard
{
    public const string Root = "/ops/orleans";

    /// <summary>The page's own scripts, styles, fonts and questions, and nothing from elsewhere.</summary>
    public const string ContentPolicy =
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self' data:; connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

    /// <summary>What may be asked. All else below the root answers 404: <c>GrainState</c> is patients, <c>Trace</c> is logs, and what a later release adds is not known.</summary>
    private static readonly HashSet<string> Shown = new(StringComparer.OrdinalIgnoreCase)
    {
        "", "index.html", "favicon.ico", "index.min.js", "index.css", "fonts/{**path}", "img/{**path}", "version", "DashboardCounters", "ClusterStats",
        "Reminders", "Reminders/{page:int}", "HistoricalStats/{*path}", "SiloProperties/{*address}", "SiloMetadata/{*address}", "SiloStats/{*address}",
        "SiloCounters/{*address}", "GrainStats/{*grainName}", "TopGrainMethods", "LifecycleStages", "GrainTypes",
    };

    /// <summary>On every silo: each tells its own numbers.</summary>
    public static ISiloBuilder AddOrleansDashboard(this ISiloBuilder silo) => silo.AddDashboard(options => options.HideTrace = true);

    /// <summary>Behind the gate: who may not operate the silo gets no further than that.</summary>
    public static void UseOrleansDashboard(this WebApplication app) => app.UseWhen(IsBelow, dashboard => dashboard.Use(async (http, next) =>
    {
        if (http.GetEndpoint() is not RouteEndpoint { RoutePattern.RawText: { } route } || !Shown.Contains(route[Math.Min(route.Length, Root.Length)..].Trim('/')) || !NamesASilo(http, route))
        {
            await Problem.Write(http, StatusCodes.Status404NotFound, "not-shown", "The dashboard does not show that here.");
            return;
        }
        http.Response.Headers.ContentSecurityPolicy = ContentPolicy;
        await next(http);
    }));

    public static void MapDashboard(this WebApplication app) => app.MapOrleansDashboard(Root).Requires(Permission.OperateSilo).ExcludeFromDescription();

    /// <summary>The dashboard makes a grain of whatever is asked for as a silo, and fails on what is none.</summary>
    private static bool NamesASilo(HttpContext http, string route)
    {
        var named = route.Contains("{*address}", StringComparison.Ordinal) ? http.GetRouteValue("address") : route.Contains("HistoricalStats", StringComparison.Ordinal) ? http.GetRouteValue("path") : null;
        if (named is not string address || address.Length == 0) return true;
        try { return SiloAddress.FromParsableString(address) is not null; }
        catch (FormatException) { return false; }
    }

    /// <summary>Whether the request is for the dashboard, which a browser opens: it can send a credential only as a password.</summary>
    public static bool IsBelow(HttpContext http) => http.Request.Path.StartsWithSegments(Root, StringComparison.OrdinalIgnoreCase);

    /// <summary>The credential that a browser was given as password; null where the header holds none.</summary>
    public static string? Password(string basic)
    {
        var bytes = new byte[basic.Length];
        if (!Convert.TryFromBase64String(basic, bytes, out var length)) return null;
        var text = Encoding.UTF8.GetString(bytes.AsSpan(0, length));
        return text.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon ? text[(colon + 1)..] : null;
    }
}
