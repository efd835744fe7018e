using System.Net;
using HealthMLOps.Access;
using HealthMLOps.Problems;
using Prometheus;

namespace HealthMLOps.Hosting;

/// <summary>Probes and metrics.</summary>
public static class HealthEndpoints
{
    public static void MapHealth(this WebApplication app, SiloSettings settings)
    {
        app.MapGet("/health/live", () => Results.Json(new { status = "live" })).WithTags("health").Requires(Permission.Public);
        app.MapGet("/health/ready", (Readiness readiness) => readiness.NotReadyBecause is { } why
            ? Problem.Of(503, "not-ready", why)
            : Results.Json(new { status = "ready" })).WithTags("health").Requires(Permission.Public);
        app.MapMetrics("/metrics").Requires(Permission.Public).AddEndpointFilter(async (context, next) =>
            settings.PublicMetrics || IsLocal(context.HttpContext.Connection.RemoteIpAddress)
                ? await next(context)
                : Problem.Of(403, "forbidden", "Metrics answer to this machine only; --public-metrics opens them."));
    }

    private static bool IsLocal(IPAddress? address) => address is not null && IPAddress.IsLoopback(address);
}
