using HealthMLOps.Privacy;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;
using Orleans.Configuration;

namespace HealthMLOps.Storage;

/// <summary>Puts the storage into a silo.</summary>
public static class StorageHosting
{
    private const string SqliteInvariant = "System.Data.SQLite";
    private const string PostgresInvariant = "Npgsql";

    /// <summary>
    /// Event log, small stores, default grain storage and reminders on the configured database. On PostgreSQL also the
    /// cluster's membership; an embedded silo is alone and needs <c>UseLocalhostClustering</c> beside this.
    /// </summary>
    public static ISiloBuilder AddHealthMlStorage(this ISiloBuilder silo, StorageOptions options)
    {
        var services = silo.Services;
        services.AddSingleton(options);
        services.AddSingleton(options.Log);
        // Taken here unless the process has taken it before, to write beside the database.
        if (options.Provider == StorageProvider.Sqlite) services.TryAddSingleton(_ => EmbeddedLock.Take(options.DataFolder));
        services.AddSingleton(_ => Database.Open(options));
        services.AddSingleton<EventLog>();
        services.AddSingleton<StoredRingKeys>();
        services.AddSingleton(provider => new KeyRing(provider.GetRequiredService<StoredRingKeys>(), options.RootKey));
        services.AddSingleton(provider => new PayloadSeal(options.RootKey, provider.GetRequiredService<KeyRing>()));
        services.AddSingleton(new SealedText(options.RootKey));
        services.AddSingleton<PatientKeys>();
        services.AddSingleton<Erasures>();
        services.AddSingleton<RewrapWork>().AddHostedService(provider => provider.GetRequiredService<RewrapWork>());
        services.AddHostedService<ErasureWatch>();
        services.AddSingleton<IEventLog, SealedLog>();
        services.AddSingleton<ILifecycleParticipant<ISiloLifecycle>, StorageLife>();
        services.AddSingleton<TurnCodec>();
        services.AddSingleton<GrainStateSerializer>();
        services.AddSingleton<QuarantineStore>();
        services.AddSingleton<PendingFetchStore>();
        services.AddSingleton<PackageStore>();
        services.AddSingleton<ImportStore>();
        services.AddSingleton<Settings>();
        services.TryAddSingleton(TimeProvider.System);

        var invariant = options.Provider == StorageProvider.Sqlite ? SqliteInvariant : PostgresInvariant;
        silo.AddAdoNetGrainStorageAsDefault((OptionsBuilder<AdoNetGrainStorageOptions> storage) =>
            storage.Configure<Database, GrainStateSerializer>((o, database, serializer) =>
            {
                o.Invariant = invariant;
                o.DataSource = database.Source;
                o.GrainStorageSerializer = serializer;
            }));
        silo.UseAdoNetReminderService((OptionsBuilder<AdoNetReminderTableOptions> reminders) =>
            reminders.Configure<Database>((o, database) => (o.Invariant, o.DataSource) = (invariant, database.Source)));
        if (options.Provider == StorageProvider.Postgres)
        {
            silo.UseAdoNetClustering((OptionsBuilder<AdoNetClusteringSiloOptions> clustering) =>
                clustering.Configure<Database>((o, database) => (o.Invariant, o.DataSource) = (invariant, database.Source)));
        }
        return silo;
    }
}
