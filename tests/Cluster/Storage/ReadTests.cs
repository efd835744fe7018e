using HealthMLOps.Storage;

namespace HealthMLOps.Tests.Cluster.Storage;

public sealed class ReadTests(Stores stores)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<StorageProvider> Both => Stores.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task A_reader_follows_a_writer_from_its_watermark(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using var log = await store.OpenLog();
        await using var other = await store.OpenLog("other");
        for (var number = 1; number <= 5; number++)
        {
            await log.Append(A.Turn(1, number));
            await other.Append(A.Turn(2, number));
        }

        Assert.Equal([3, 4], (await log.ReadWriter(log.Writer, afterSequence: 2, countMax: 2, Stop)).Select(t => t.Sequence));
        Assert.Empty(await log.ReadWriter(log.Writer, afterSequence: 5, countMax: 2, Stop));
        Assert.Equal([(log.Writer, 5), (other.Writer, 5)], (await log.Writers(Stop)).Select(w => (w.Writer, (int)w.LastSequence)));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Reading_everything_gives_each_patients_turns_in_order_across_pages(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using var log = await store.OpenLog();
        await Task.WhenAll(Enumerable.Range(1, 3).SelectMany(patient => Enumerable.Range(1, 601).Select(number => log.Append(A.Turn(patient, number)))));

        var all = await log.ReadAll(Stop).ToListAsync(Stop);

        Assert.Equal(all.OrderBy(t => t.Patient.Value, StringComparer.Ordinal).ThenBy(t => t.Number).Select(t => t.Sequence), all.Select(t => t.Sequence));
        Assert.Equal(1803, all.Count);
        Assert.Equal(Enumerable.Range(3, 599).Select(n => (long)n), await log.ReadPatient(A.Patient(2), 2, Stop).Select(t => t.Number).ToListAsync(Stop));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Turns_appended_after_reading_began_are_left_out(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using var log = await store.OpenLog();
        await log.Append(A.Turn(1, 1));
        await log.Append(A.Turn(2, 1));

        await using var reading = log.ReadAll(Stop).GetAsyncEnumerator(Stop);
        Assert.True(await reading.MoveNextAsync());
        await Task.WhenAll(Enumerable.Range(2, 1000).Select(number => log.Append(A.Turn(1, number))));
        await Task.WhenAll(Enumerable.Range(2, 1000).Select(number => log.Append(A.Turn(2, number))));

        Assert.True(await reading.MoveNextAsync());
        Assert.False(await reading.MoveNextAsync());
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_snapshot_is_replaced_only_by_a_newer_one(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using var log = await store.OpenLog();
        log.SaveSnapshot(new StoredSnapshot(A.Patient(1), 5, [5]));
        log.SaveSnapshot(new StoredSnapshot(A.Patient(1), 4, [4]));
        await log.Append(A.Turn(1, 1));
        log.SaveSnapshot(new StoredSnapshot(A.Patient(1), 3, [3]));
        await log.Append(A.Turn(1, 2));

        var stored = await log.ReadSnapshot(A.Patient(1), Stop);

        Assert.Equal((5, 5), ((int)stored!.Number, stored.Payload[0]));
        Assert.Null(await log.ReadSnapshot(A.Patient(2), Stop));
    }
}
