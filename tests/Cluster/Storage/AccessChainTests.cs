using HealthMLOps.Storage;

namespace HealthMLOps.Tests.Cluster.Storage;

public sealed class AccessChainTests(Stores stores)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<StorageProvider> Both => Stores.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task The_chain_of_accesses_holds(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using var log = await store.OpenLog();
        await Task.WhenAll(Enumerable.Range(1, 100).Select(n => log.Record(A.Access(n))));
        await log.Record(A.Access(101) with { Patient = null });

        var chain = await log.ReadAccessChain(log.Writer, 0, 1000, Stop);

        Assert.Equal(101, chain.Count);
        Assert.Null(AccessChain.FirstBroken(chain));
        Assert.Equal(A.Access(7), Assert.Single(await log.ReadAccess(A.Patient(7), 10, Stop)).Access);
        Assert.Equal([101, 100], (await log.ReadAccess(null, 2, Stop)).Select(a => (a.Access.At - A.Noon).Seconds + 60 * (a.Access.At - A.Noon).Minutes));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_changed_or_missing_record_breaks_the_chain_at_its_place(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using var log = await store.OpenLog();
        await Task.WhenAll(Enumerable.Range(1, 10).Select(n => log.Record(A.Access(n))));

        await store.Database.Change("UPDATE access_log SET actor = 'somebody-else' WHERE sequence = 6", Stop);
        Assert.Equal(6, AccessChain.FirstBroken(await log.ReadAccessChain(log.Writer, 0, 1000, Stop)));

        await store.Database.Change("DELETE FROM access_log WHERE sequence = 3", Stop);
        Assert.Equal(3, AccessChain.FirstBroken(await log.ReadAccessChain(log.Writer, 0, 1000, Stop)));
    }
}
