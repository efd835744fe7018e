using HealthMLOps.Hosting;

namespace HealthMLOps.Audit;

/// <summary>What the room needs.</summary>
public static class AuditServices
{
    public static IServiceCollection AddAudit(this IServiceCollection services) => services
        .AddSingleton<AuditBook>().AddSingleton<AccessBook>().AddSingleton<AuditStore>().AddSingleton<AuditTree>().AddSingleton<CheckpointStore>()
        .AddSingleton<AuditSigner>().AddSingleton<RecordCheck>().AddSingleton<RecordKeeper>().AddSingleton<RecordExport>()
        .AddSingleton(provider => new AuditWitness(provider.GetRequiredService<SiloSettings>().AuditWitness))
        .AddSingleton<ILifecycleParticipant<ISiloLifecycle>, RecordGuard>()
        .AddSingleton<AuditFollower>().AddHostedService(provider => provider.GetRequiredService<AuditFollower>());
}
