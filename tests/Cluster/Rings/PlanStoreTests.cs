using HealthMLOps.Rings;
using HealthMLOps.Storage;
using HealthMLOps.Tests.Cluster.Storage;
using Microsoft.Extensions.DependencyInjection;
using Orleans.Serialization;

namespace HealthMLOps.Tests.Cluster.Rings;

/// <summary>The contract of the plan's row and its leases, on both databases.</summary>
public sealed class PlanStoreTests(Stores stores)
{
    private static readonly TimeSpan Lease = TimeSpan.FromSeconds(5);

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<StorageProvider> Both => Stores.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task A_change_waits_for_every_lease_on_an_older_plan(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        var plans = Plans(store);
        Assert.Equal(0, await plans.Grant("silo-a", Lease, Stop));
        Assert.Equal(0, await plans.Grant("silo-b", Lease, Stop));

        var halted = await plans.Change(plan => plan.Halt(Order("h1")), Stop);
        Assert.Equal(["silo-a", "silo-b"], (await plans.Outstanding(halted.Epoch, Stop)).Order());

        Assert.Equal(halted.Epoch, await plans.Grant("silo-a", Lease, Stop));
        Assert.Equal(["silo-b"], await plans.Outstanding(halted.Epoch, Stop));
        await plans.Return("silo-b", Stop);
        Assert.Empty(await plans.Outstanding(halted.Epoch, Stop));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_lease_counts_until_a_tenth_after_its_end_by_the_databases_clock(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        var plans = Plans(store);
        await plans.Grant("silo-a", Lease, Stop);
        var halted = await plans.Change(plan => plan.Halt(Order("h1")), Stop);

        await store.Database.Change("UPDATE plan_leases SET granted_ms = granted_ms - 5000", Stop);
        Assert.Single(await plans.Outstanding(halted.Epoch, Stop));
        await store.Database.Change("UPDATE plan_leases SET granted_ms = granted_ms - 501", Stop);
        Assert.Empty(await plans.Outstanding(halted.Epoch, Stop));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Halts_at_the_same_time_all_stand_and_no_lease_is_granted_on_what_they_replaced(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        var plans = Plans(store);
        var stale = 0;
        await Task.WhenAll(Enumerable.Range(0, 6).Select(async i =>
        {
            var changed = await plans.Change(plan => plan.Halt(Order($"h{i}", $"unit:u{i}")), Stop);
            if (await plans.Grant($"silo-{i}", Lease, Stop) < changed.Epoch) Interlocked.Increment(ref stale);
        }));
        Assert.Equal(0, stale);
        var plan = await plans.Read(Stop);
        Assert.Equal((6, 6L), (plan.Halts.Length, plan.Epoch));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_drill_counts_only_when_every_silo_confirmed_it_and_service_is_back(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        var halts = new HaltLog(store.Database);
        foreach (var (id, words) in new[] { ("drill-1", "confirmed"), ("drill-2", "bounded"), ("drill-3", "confirmed") })
            await halts.Add(new HaltOutcome(Order(id) with { Scope = new HaltScope(HaltKind.Drill, id), At = At.AddDays(id[^1] - '0') }, words, 1, 12.5, [], [], []), Stop);
        await halts.Lift("drill-1", "anna", At.AddDays(1), 8, Stop);
        await halts.Lift("drill-2", "anna", At.AddDays(2), 8, Stop);

        Assert.Equal("drill-1", (await halts.LastDrill(Stop))!.Id);
        Assert.Equal(["drill-3", "drill-2", "drill-1"], (await halts.Newest(10, Stop)).Select(h => h.Id));
        Assert.Equal((12.5, 8.0), ((await halts.LastDrill(Stop))!.StopMs, (await halts.LastDrill(Stop))!.RestoreMs));
    }

    private static readonly DateTimeOffset At = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private static PlanStore Plans(Store store) =>
        new(store.Database, new ServiceCollection().AddSerializer().BuildServiceProvider().GetRequiredService<Serializer>());

    private static HaltOrder Order(string id, string scope = "global") => new() { Id = id, Scope = HaltScope.Parse(scope), By = "anna", At = At, Reason = "test" };
}
