using System.Reflection;
using HealthMLOps.Access;
using HealthMLOps.Audit;
using HealthMLOps.Intake;
using HealthMLOps.Models;
using HealthMLOps.Storage;

namespace HealthMLOps.Hosting;

/// <summary><c>GET /api/v1/status</c>: this silo at a glance; no patient in it.</summary>
public static class StatusEndpoint
{
    public static void MapStatus(this IEndpointRouteBuilder routes) => routes.MapGet("/api/v1/status", Status).WithTags("status").Requires(Permission.ReadStatus);

    private static async Task<IResult> Status(
        HttpContext http, SiloSettings settings, IEventLog log, PlanBoard plans, SourceBook sources, ClinicalClock clock, Readiness readiness, AuditFollower follower)
    {
        var statistics = await log.Statistics(http.RequestAborted);
        var plan = plans.Current;
        return Results.Json(new
        {
            version = typeof(StatusEndpoint).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion,
            mode = settings.Command == SiloCommand.Demo ? "demo" : "serve",
            ready = readiness.NotReadyBecause is null,
            clinicalTime = clock.Now,
            clockRate = clock.Rate,
            database = settings.PostgresConnection is null ? "sqlite" : "postgresql",
            writer = log.Writer.Value,
            log = new { turns = statistics.Turns, patients = statistics.Patients, resources = statistics.Resources, payloadBytes = statistics.PayloadBytes },
            plan = new { epoch = plan.Epoch, serving = plan.Models.Select(m => new { version = m.Version.ToString(), ring = m.Ring, featureSet = m.Features.Name }) },
            record = new { fault = follower.Fault, witnessed = settings.AuditWitness is not null },
            sources = sources.Names.Select(n => n.Value),
        });
    }
}
