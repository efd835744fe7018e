using HealthMLOps.Storage;

namespace HealthMLOps.Tests.Cluster.Storage;

public sealed class FenceTests(Stores stores)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<StorageProvider> Both => Stores.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task A_fenced_writer_can_never_append_again(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using var old = await store.OpenLog("old");
        await using var successor = await store.OpenLog("successor");
        await old.Append(A.Turn(1, 1));

        await successor.Fence(old.Writer, Stop);

        await Assert.ThrowsAsync<WriterFenced>(() => old.Append(A.Turn(1, 2)));
        await Assert.ThrowsAsync<WriterFenced>(() => old.Record(A.Access(1)));
        Assert.Equal([true, false], (await successor.Writers(Stop)).Select(w => w.Fenced));
        Assert.Single(await successor.ReadPatient(A.Patient(1), 0, Stop).ToListAsync(Stop));
        A.Committed(await successor.Append(A.Turn(1, 2)));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Every_append_that_waits_behind_the_fence_fails(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using var log = await store.OpenLog("log", new LogLimits { BatchCountMax = 1 });
        await log.Fence(log.Writer, Stop);

        var waiting = Enumerable.Range(1, 20).Select(patient => Task.Run(() => log.Append(A.Turn(patient, 1)))).ToArray();

        foreach (var append in waiting) await Assert.ThrowsAsync<WriterFenced>(() => append);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Fencing_returns_only_when_an_append_in_flight_has_ended(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using var old = await store.OpenLog("old");
        await using var inFlight = await store.Database.Source.OpenConnectionAsync(Stop);
        await using var batch = await inFlight.BeginTransactionAsync(Stop);
        await using var advance = inFlight.CreateCommand();
        advance.Transaction = batch;
        advance.CommandText = "UPDATE writers SET payload_bytes = payload_bytes + 1 WHERE NOT fenced";
        Assert.Equal(1, await advance.ExecuteNonQueryAsync(Stop));

        // A database of its own: on SQLite, a second process.
        await using var elsewhere = Database.Open(store.Options);
        await using var successor = new EventLog(elsewhere, new LogLimits(), TimeProvider.System);
        var fence = Task.Run(() => successor.Fence(old.Writer, Stop), Stop);
        for (var look = 0; look < 100; look++) Assert.False((await old.Writers(Stop))[0].Fenced);
        Assert.False(fence.IsCompleted);

        await batch.CommitAsync(Stop);
        await fence;
        await Assert.ThrowsAsync<WriterFenced>(() => old.Append(A.Turn(1, 1)));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Under_load_nothing_is_stored_once_the_fence_has_returned(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using var old = await store.OpenLog("old", new LogLimits { BatchCountMax = 7 });
        await using var successor = await store.OpenLog("successor");
        var appends = Enumerable.Range(1, 500).Select(patient => Task.Run(() => old.Append(A.Turn(patient, 1)))).ToArray();
        await Task.WhenAny(appends);

        await successor.Fence(old.Writer, Stop);
        var stored = await successor.ReadWriter(old.Writer, 0, 1000, Stop);

        foreach (var append in appends) await Task.WhenAny(append);
        Assert.Equal(stored.Count, appends.Count(a => a.IsCompletedSuccessfully));
        Assert.All(appends.Where(a => a.IsFaulted), a => Assert.IsType<WriterFenced>(a.Exception!.InnerException));
        Assert.Equal(stored.Count, (await successor.ReadWriter(old.Writer, 0, 1000, Stop)).Count);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Fencing_a_silo_spares_the_own_writer_and_other_silos(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using var first = await store.OpenLog("silo-a");
        await using var second = await store.OpenLog("silo-b");
        await using var third = await store.OpenLog("silo-a");

        await third.FenceSilo("silo-a", Stop);
        Assert.Equal([true, false, false], (await third.Writers(Stop)).Select(w => w.Fenced));

        await third.FenceOthers(Stop);
        Assert.Equal([true, true, false], (await third.Writers(Stop)).Select(w => w.Fenced));
    }
}
