namespace HealthMLOps.Storage;

/// <summary>Brings the storage up before the silo joins its cluster and closes it after the last grain is gone.</summary>
internal sealed class StorageLife(
    StorageOptions options, IServiceProvider services, Database database, EventLog log, ILocalSiloDetails silo) : ILifecycleParticipant<ISiloLifecycle>
{
    public void Participate(ISiloLifecycle observer) =>
        observer.Subscribe(nameof(StorageLife), ServiceLifecycleStage.First, Start, Stop);

    private async Task Start(CancellationToken cancellation)
    {
        if (options.Provider == StorageProvider.Sqlite) services.GetRequiredService<EmbeddedLock>();
        await Migrator.Apply(database, cancellation);
        await log.Open(silo.SiloAddress.ToParsableString(), cancellation);
        // The lock says that all former processes are dead; the fence makes sure that none of them comes back.
        if (options.Provider == StorageProvider.Sqlite) await log.FenceOthers(cancellation);
    }

    private async Task Stop(CancellationToken cancellation) => await log.DisposeAsync();
}
