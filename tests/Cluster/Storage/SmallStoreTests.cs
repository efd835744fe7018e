using HealthMLOps.Clinical;
using HealthMLOps.Privacy;
using HealthMLOps.Storage;

namespace HealthMLOps.Tests.Cluster.Storage;

public sealed class SmallStoreTests(Stores stores)
{
    private static readonly SourceName General = new("general-hospital");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<StorageProvider> Both => Stores.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task Quarantined_items_are_found_by_source_reason_and_status_page_by_page(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        var quarantine = new QuarantineStore(store.Database);
        foreach (var (reason, i) in ((string[])["unknown-unit", "no-subject", "unknown-unit", "unknown-unit"]).Select((r, i) => (r, (byte)i)))
            await quarantine.Add(new NewQuarantineItem(A.Noon, General, reason, "unit is not UCUM", [1, 2, 3], [i], [8, i]), Stop);
        await quarantine.Add(new NewQuarantineItem(A.Noon, new("clinic"), "unknown-unit", "", [4], [9], []), Stop);
        Assert.True(await quarantine.Mark(1, QuarantineItem.Replayed, Stop));
        Assert.False(await quarantine.Mark(99, QuarantineItem.Replayed, Stop));

        var waiting = new QuarantineFilter(General, "unknown-unit", QuarantineItem.Waiting);
        Assert.Equal([3], (await quarantine.Find(waiting, afterId: 0, countMax: 1, Stop)).Select(i => (int)i.Id));
        Assert.Equal([4], (await quarantine.Find(waiting, afterId: 3, countMax: 9, Stop)).Select(i => (int)i.Id));
        Assert.Equal(5, (await quarantine.Find(new QuarantineFilter(), 0, 9, Stop)).Count);

        var (item, payload, context) = Assert.IsType<StoredQuarantineItem>(await quarantine.Get(1, Stop));
        Assert.Equal<byte>([8, 0], context!);
        Assert.Equal(new QuarantineItem(1, A.Noon, General, "unknown-unit", "replayed", "unit is not UCUM", 1), item);
        Assert.Equal<byte>([1, 2, 3], payload);
        Assert.Null(await quarantine.Get(99, Stop));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task The_same_payload_refused_again_is_counted_and_not_kept_twice(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        var quarantine = new QuarantineStore(store.Database);
        var item = new NewQuarantineItem(A.Noon, General, "unit", "unit is not UCUM", [1], [7], []);
        var id = await quarantine.Add(item, Stop);
        await quarantine.Mark(id, QuarantineItem.Replayed, Stop);

        Assert.Equal(id, await quarantine.Add(item, Stop));
        var found = Assert.Single(await quarantine.Find(new QuarantineFilter(), 0, 9, Stop));
        Assert.Equal((2, QuarantineItem.Waiting), (found.Times, found.Status));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_resource_that_changed_while_it_was_fetched_is_fetched_again(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        var pending = new PendingFetchStore(store.Database);
        await pending.Add(General, A.Resource(1), [7], A.Noon, Stop);
        var fetching = Assert.Single(await pending.Due(A.Noon, 10, Stop));
        Assert.Equal((General, A.Resource(1), A.Noon, 0), (fetching.Source, fetching.Resource, fetching.Asked, fetching.Attempts));

        await pending.Add(General, A.Resource(1), [7], A.Noon.AddSeconds(1), Stop);
        await pending.Complete(fetching, Stop);
        var again = Assert.Single(await pending.Due(A.Noon.AddSeconds(1), 10, Stop));

        await pending.Postpone(again, A.Noon.AddMinutes(1), Stop);
        Assert.Empty(await pending.Due(A.Noon.AddSeconds(59), 10, Stop));
        var postponed = Assert.Single(await pending.Due(A.Noon.AddMinutes(1), 10, Stop));
        Assert.Equal(1, postponed.Attempts);
        await pending.Complete(postponed, Stop);
        Assert.Equal(0, await pending.Count(Stop));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_package_is_kept_once_under_its_digest_and_checked_when_read(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        var packages = new PackageStore(store.Database, store.Seal());
        var bytes = new byte[300_000];
        Random.Shared.NextBytes(bytes);

        var digest = await packages.Put(bytes, Stop);
        Assert.Equal(digest, await packages.Put(bytes, Stop));
        Assert.Equal(bytes, await packages.Get(digest, Stop));
        Assert.Null(await packages.Get(new string('0', 64), Stop));

        await store.Database.Change("UPDATE packages SET payload = @other", Stop, ("@other", new byte[] { 1 }));
        await Assert.ThrowsAsync<InvalidDataException>(() => packages.Get(digest, Stop));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task An_import_knows_each_chunk_that_is_done_and_counts_it_once(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        var imports = new ImportStore(store.Database, new SealedText(A.RootKey));
        await imports.Begin(new StoredImport("first", "night", General, A.Noon, StoredImport.Running, "[]"), Stop);
        await imports.Begin(new StoredImport("first", "other", General, A.Noon.AddDays(1), StoredImport.Running, "[1]"), Stop);
        await imports.Begin(new StoredImport("second", "day", General, A.Noon.AddDays(2), StoredImport.Running, "[]"), Stop);

        await imports.Done("first", new ImportedChunk(0, 1, "b"), Stop);
        await imports.Done("first", new ImportedChunk(0, 0, "a"), Stop);
        await imports.Done("first", new ImportedChunk(0, 1, "repeat"), Stop);
        Assert.True(await imports.End("first", StoredImport.Complete, Stop));
        Assert.False(await imports.End("third", StoredImport.Complete, Stop));

        Assert.Equal([new(0, 0, "a"), new(0, 1, "b")], await imports.Chunks("first", Stop));
        Assert.Equal(new StoredImport("first", "night", General, A.Noon, StoredImport.Complete, "[]"), await imports.Get("first", Stop));
        Assert.Equal(["second", "first"], (await imports.List(10, Stop)).Select(i => i.Id));
        Assert.Null(await imports.Get("third", Stop));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_setting_that_is_set_stays_unless_it_is_changed_on_purpose(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        var settings = new Settings(store.Database);

        Assert.Equal("a", await settings.GetOrSet("identity-key", "a", Stop));
        Assert.Equal("a", await settings.GetOrSet("identity-key", "b", Stop));
        await settings.Set("identity-key", "c", Stop);
        Assert.Equal("c", await settings.Get("identity-key", Stop));
        Assert.Null(await settings.Get("other", Stop));
    }
}
