using HealthMLOps.Clinical;
using HealthMLOps.Storage;

namespace HealthMLOps.Tests.Cluster.Storage;

public sealed class RecentResourceTests(Stores stores)
{
    private const int RowsPerTurn = 5_000;

    /// <summary>More than one generation of recent rows, so that one is being merged while the next gathers.</summary>
    private const int Turns = 40;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_resource_is_found_before_while_and_after_it_is_sorted_into_the_index_and_by_the_next_silo()
    {
        await using var store = await stores.Fresh(StorageProvider.Sqlite);
        var log = await store.OpenLog();
        for (var turn = 1; turn <= Turns; turn++)
        {
            var rows = Enumerable.Range((turn - 1) * RowsPerTurn, RowsPerTurn).Select(i => A.Index(i, new ResourceVersion(1, 0, 0))).ToArray();
            A.Committed(await log.Append(A.Turn(1, turn, rows)));
            var asked = rows.Take(3).Append(A.Index(0, default)).Select(r => r.Resource).ToList();
            Assert.Equal(asked.Distinct().Count(), (await log.FindResources(asked, Stop)).Count);
        }
        Assert.Equal(Turns * RowsPerTurn, (await log.Statistics(Stop)).Resources);
        await log.DisposeAsync();

        await using var next = await store.OpenLog("S10.0.0.1:11111:2");
        var all = await next.FindResources([.. Enumerable.Range(0, Turns * RowsPerTurn).Select(A.Resource)], Stop);
        Assert.Equal(Turns * RowsPerTurn, all.Count);
        Assert.Equal(Turns * RowsPerTurn, (await next.Statistics(Stop)).Resources);
    }

    [Fact]
    public async Task The_newest_version_of_a_resource_stands_wherever_the_others_are_on_their_way()
    {
        await using var store = await stores.Fresh(StorageProvider.Sqlite);
        await using var log = await store.OpenLog();
        var (older, newer) = (new ResourceVersion(1, 0, 0), new ResourceVersion(2, 0, 0));
        A.Committed(await log.Append(A.Turn(1, 1, A.Index(-1, newer), A.Index(-2, older))));
        for (var turn = 2; turn <= Turns; turn++)
        {
            var rows = Enumerable.Range(turn * RowsPerTurn, RowsPerTurn).Select(i => A.Index(i, older));
            A.Committed(await log.Append(A.Turn(1, turn, [.. rows, A.Index(-1, older), A.Index(-2, newer)])));
            var found = await log.FindResources([A.Resource(-1), A.Resource(-2)], Stop);
            Assert.Equal((newer, newer), (found[A.Resource(-1)].Version, found[A.Resource(-2)].Version));
        }
    }
}
