using HealthMLOps.Audit;
using HealthMLOps.Clinical;
using HealthMLOps.Privacy;
using HealthMLOps.Storage;
using HealthMLOps.Tests.Shared;

[assembly: AssemblyFixture(typeof(HealthMLOps.Tests.Cluster.Storage.Stores))]

namespace HealthMLOps.Tests.Cluster.Storage;

/// <summary>Fresh databases of both kinds for the contract tests; one PostgreSQL server for all of them, started when first asked for.</summary>
public sealed class Stores : IAsyncDisposable
{
    private readonly Lazy<Task<PostgresServer>> _postgres = new(PostgresServer.Start);
    private readonly List<string> _folders = [];

    public static TheoryData<StorageProvider> Both => [StorageProvider.Sqlite, StorageProvider.Postgres];

    /// <summary>Options of a database in which nothing is yet.</summary>
    public async Task<StorageOptions> Empty(StorageProvider provider)
    {
        var folder = Directory.CreateTempSubdirectory("healthml-store-").FullName;
        lock (_folders) _folders.Add(folder);
        return new StorageOptions
        {
            Provider = provider, DataFolder = folder, RootKey = A.RootKey,
            ConnectionString = provider == StorageProvider.Postgres ? await (await _postgres.Value).NewDatabase() : null,
        };
    }

    /// <summary>A database with our schema.</summary>
    public async Task<Store> Fresh(StorageProvider provider)
    {
        var options = await Empty(provider);
        var database = Database.Open(options);
        await Migrator.Apply(database, CancellationToken.None);
        return new Store(options, database);
    }

    public async ValueTask DisposeAsync()
    {
        if (_postgres.IsValueCreated) await (await _postgres.Value).DisposeAsync();
        foreach (var folder in _folders) Directory.Delete(folder, recursive: true);
    }
}

/// <summary>One test's database.</summary>
public sealed class Store(StorageOptions options, Database database) : IAsyncDisposable
{
    public StorageOptions Options { get; } = options;

    public Database Database { get; } = database;

    public async Task<EventLog> OpenLog(string siloAddress = "S10.0.0.1:11111:1", LogLimits? limits = null)
    {
        var log = new EventLog(Database, limits ?? new LogLimits(), TimeProvider.System);
        await log.Open(siloAddress, CancellationToken.None);
        return log;
    }

    /// <summary>A silo's key ring over this store.</summary>
    public KeyRing Ring() => new(new StoredRingKeys(Database), A.RootKey);

    public PayloadSeal Seal() => new(A.RootKey, Ring());

    public ValueTask DisposeAsync() => Database.DisposeAsync();
}

/// <summary>The words of the storage tests.</summary>
internal static class A
{
    public static readonly byte[] RootKey = [.. Enumerable.Range(1, 32).Select(i => (byte)i)];

    public static readonly DateTimeOffset Noon = new(2026, 3, 14, 12, 0, 0, TimeSpan.Zero);

    public static PatientKey Patient(int which) => PatientKey.Of(Resource(which));

    public static ResourceKey Resource(int which) => new((ulong)which * 0x9E3779B97F4A7C15, (ulong)which);

    public static PatientAppend Turn(int patient, long number, params IndexedResource[] resources) =>
        new(Patient(patient), number, Noon.AddTicks(number), [(byte)patient, (byte)number], resources, []);

    public static IndexedResource Index(int resource, ResourceVersion version, int patient = 1) =>
        new(Resource(resource), Patient(patient), version, FactStanding.Active, [1, 2, (byte)patient]);

    public static AuditAppend Access(int which) => new(Entry(which), null, null);

    public static AuditEntry Entry(int which) =>
        new(Noon.AddSeconds(which), $"p-{which}", $"clinician-{which}", "bedside-clinician", "TREAT", "risk.read", "ok") { Patient = Patient(which), Correlation = $"r-{which}" };

    public static long Committed(AppendResult result) => Assert.IsType<AppendResult.Committed>(result).Sequence;
}
