using HealthMLOps.Storage;

namespace HealthMLOps.Tests.Cluster.Storage;

public sealed class MigrationTests(Stores stores)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<StorageProvider> Both => Stores.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task Silos_that_start_at_once_make_the_schema_once(StorageProvider provider)
    {
        var options = await stores.Empty(provider);
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(async () =>
        {
            await using var database = Database.Open(options);
            await Migrator.Apply(database, Stop);
            await using var log = new EventLog(database, new LogLimits(), TimeProvider.System);
            await log.Open("silo", Stop);
        })));

        await using var later = Database.Open(options);
        await Migrator.Apply(later, Stop);
        await using var last = new EventLog(later, new LogLimits(), TimeProvider.System);
        await last.Open("last", Stop);
        Assert.Equal(new WriterId(9), last.Writer);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_newer_schema_is_refused_by_name(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await store.Database.Change("INSERT INTO schema_version (number, name) VALUES (999, 'from the future')", Stop);

        var refusal = await Assert.ThrowsAsync<StorageUnusable>(() => Migrator.Apply(store.Database, Stop));

        Assert.Contains("version 999", refusal.Message, StringComparison.Ordinal);
    }
}
