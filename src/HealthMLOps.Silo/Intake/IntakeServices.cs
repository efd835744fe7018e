using HealthMLOps.Access;
using HealthMLOps.Clinical;
using HealthMLOps.Privacy;

namespace HealthMLOps.Intake;

/// <summary>What the room needs, and its routes.</summary>
public static class IntakeServices
{
    public static IServiceCollection AddIntake(this IServiceCollection services) => services
        .AddSingleton<IntakeDoor>().AddSingleton<Ingest>().AddSingleton<QuarantineDesk>().AddSingleton<QuarantineReplay>().AddSingleton<QuarantineErasure>()
        .AddSingleton<FhirDoor>().AddSingleton<NotificationIntake>().AddSingleton<NotifyDoor>().AddSingleton<ImportReader>().AddSingleton<OutboxWork>().AddHostedService(provider => provider.GetRequiredService<OutboxWork>());

    public static void MapIntake(this WebApplication app)
    {
        app.Services.GetRequiredService<SourceBook>().Equip(app.Services.GetRequiredService<ConceptCatalog>(), app.Services.GetRequiredService<IdentityKeys>());
        app.MapNotify();
        app.MapFhir();
        app.MapImports();
        app.MapQuarantine();
        app.MapGet("/api/v1/sources", (SourceBook sources) => Results.Json(sources.Profiles.Select(p =>
            new { name = p.Name.Value, enabled = p.Enabled, timeZone = p.TimeZone.Id, fhirBase = p.FhirBase?.ToString() }))).WithTags("sources").Requires(Permission.ReadStatus);
    }
}
