using HealthMLOps.Storage;
using HealthMLOps.Tests.EndToEnd.Processes;
using HealthMLOps.Tests.Shared;

[assembly: AssemblyFixture(typeof(Sites))]

namespace HealthMLOps.Tests.EndToEnd.Processes;

/// <summary>Fresh sites on both databases; one PostgreSQL server for all of them, started when first asked for.</summary>
public sealed class Sites : IAsyncDisposable
{
    private readonly Lazy<Task<PostgresServer>> _postgres = new(PostgresServer.Start);

    public static TheoryData<StorageProvider> Both => [StorageProvider.Sqlite, StorageProvider.Postgres];

    public async Task<Site> Fresh(StorageProvider provider) =>
        Site.Make(provider, provider == StorageProvider.Postgres ? await (await _postgres.Value).NewDatabase() : null);

    public async ValueTask DisposeAsync()
    {
        if (_postgres.IsValueCreated) await (await _postgres.Value).DisposeAsync();
    }
}
