using HealthMLOps.Clinical;
using HealthMLOps.Storage;

namespace HealthMLOps.Tests.Cluster.Storage;

public sealed class AppendTests(Stores stores)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<StorageProvider> Both => Stores.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task What_was_appended_reads_back_as_it_was(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using var log = await store.OpenLog();

        Assert.Equal(1, A.Committed(await log.Append(A.Turn(patient: 7, number: 1))));

        var turn = Assert.Single(await log.ReadPatient(A.Patient(7), 0, Stop).ToListAsync(Stop));
        Assert.Equal((A.Patient(7), 1, log.Writer, 1, A.Noon.AddTicks(1)), (turn.Patient, turn.Number, turn.Writer, turn.Sequence, turn.Recorded));
        Assert.Equal<byte>([7, 1], turn.Payload);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_thousand_concurrent_appends_get_dense_sequences(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using var log = await store.OpenLog();

        var results = await Task.WhenAll(Enumerable.Range(1, 1000).Select(patient => log.Append(A.Turn(patient, 1, A.Index(patient, default, patient)))));

        Assert.Equal(Enumerable.Range(1, 1000).Select(n => (long)n), results.Select(A.Committed).Order());
        Assert.Equal(new LogStatistics(1000, 1000, 1000, 2000), await log.Statistics(Stop));
        var all = await log.ReadAll(Stop).ToListAsync(Stop);
        Assert.Equal(all.OrderBy(t => t.Patient.Value, StringComparer.Ordinal).Select(t => t.Sequence), all.Select(t => t.Sequence));
        Assert.Equal(1000, all.Count);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Consecutive_turns_of_one_patient_may_share_a_batch(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using var log = await store.OpenLog();

        var results = await Task.WhenAll(Enumerable.Range(1, 50).Select(number => log.Append(A.Turn(1, number))));

        Assert.All(results, result => Assert.IsType<AppendResult.Committed>(result));
        var turns = await log.ReadPatient(A.Patient(1), 0, Stop).ToListAsync(Stop);
        Assert.Equal(Enumerable.Range(1, 50).Select(n => ((long)n, (long)n)), turns.Select(t => (t.Number, t.Sequence)));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task The_loser_of_a_number_is_told_and_the_others_of_its_batch_commit(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using var former = await store.OpenLog("former");
        await using var log = await store.OpenLog("log");
        await former.Append(A.Turn(patient: 5, number: 1));

        var results = await Task.WhenAll(Enumerable.Range(1, 10).Select(patient => log.Append(A.Turn(patient, 1))));

        Assert.IsType<AppendResult.Lost>(results[4]);
        Assert.Equal(Enumerable.Range(1, 9).Select(n => (long)n), results.OfType<AppendResult.Committed>().Select(c => c.Sequence).Order());
    }

    [Theory, MemberData(nameof(Both))]
    public async Task What_a_patient_appended_behind_a_lost_turn_is_lost_too(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using var former = await store.OpenLog("former");
        await using var log = await store.OpenLog("log", new LogLimits { BatchCountMax = 2 });
        await former.Append(A.Turn(patient: 1, number: 1));

        var results = await Task.WhenAll(Enumerable.Range(1, 7).Select(number => log.Append(A.Turn(1, number))));

        Assert.All(results, result => Assert.IsType<AppendResult.Lost>(result));
        Assert.Equal(1, A.Committed(await log.Append(A.Turn(patient: 1, number: 2))));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_lost_turn_leaves_no_index_row_and_no_outbox_item(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using var log = await store.OpenLog();
        var work = new OutboxEntry("retract", [9]);
        await log.Append(A.Turn(1, 1, A.Index(1, new(10, 1, 1))) with { Outbox = [work] });

        Assert.IsType<AppendResult.Lost>(await log.Append(A.Turn(1, 1, A.Index(2, new(10, 1, 1))) with { Outbox = [work, work] }));

        Assert.Equal([A.Resource(1)], (await log.FindResources([A.Resource(1), A.Resource(2)], Stop)).Keys);
        var pending = Assert.Single(await log.PendingOutbox(10, Stop));
        Assert.Equal(("retract", 9), (pending.Kind, pending.Payload[0]));
        await log.CompleteOutbox(pending.Id, Stop);
        Assert.Empty(await log.PendingOutbox(10, Stop));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task The_index_keeps_the_newest_version_in_any_order_of_arrival(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using var log = await store.OpenLog();
        ResourceVersion[] ascending = [default, new(5, 9, 9), new(7, 1, 3), new(7, 2, 1), new(7, 2, long.MaxValue), new(7, 2, ulong.MaxValue)];
        var resource = 0;
        var number = 0L;
        foreach (var (older, newer) in ascending.SelectMany((v, i) => ascending.Skip(i + 1).Select(w => (v, w))))
        {
            resource++;
            await log.Append(A.Turn(1, ++number, A.Index(resource, newer, patient: 2)));
            await log.Append(A.Turn(1, ++number, A.Index(resource, older, patient: 3)));
            await Task.WhenAll(log.Append(A.Turn(1, ++number, A.Index(-resource, older, 3))), log.Append(A.Turn(1, ++number, A.Index(-resource, newer, 2))));

            var found = await log.FindResources([A.Resource(resource), A.Resource(-resource)], Stop);
            Assert.All(found.Values, stored => Assert.Equal((newer, A.Patient(2)), (stored.Version, stored.Patient)));
            Assert.Equal(2, found.Count);
        }
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_resource_keeps_its_patient_standing_and_sealed_id(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using var log = await store.OpenLog();
        var row = A.Index(1, new(638_000_000_000_000_000, 3, 0xFEDCBA9876543210), patient: 4) with { Standing = FactStanding.Moved };
        await log.Append(A.Turn(1, 1, row));

        var stored = (await log.FindResources([A.Resource(1)], Stop))[A.Resource(1)];

        Assert.Equal(row.SealedId, stored.SealedId);
        Assert.Equal(row, stored with { SealedId = row.SealedId });
    }

    [Theory, MemberData(nameof(Both))]
    public async Task More_resources_than_one_statement_takes_are_found(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using var log = await store.OpenLog();
        var resources = Enumerable.Range(1, 1201).ToArray();
        await log.Append(A.Turn(1, 1, [.. resources.Select(r => A.Index(r, new(1, 1, 1)))]));

        Assert.Equal(1201, (await log.FindResources([.. resources.Select(A.Resource), A.Resource(5000)], Stop)).Count);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_turn_that_the_database_refuses_costs_only_its_own_caller(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using var log = await store.OpenLog();

        var appends = Enumerable.Range(1, 9).Select(patient => log.Append(A.Turn(patient, number: patient == 4 ? 0 : 1))).ToArray();

        await Assert.ThrowsAnyAsync<System.Data.Common.DbException>(() => appends[3]);
        Assert.Equal(Enumerable.Range(1, 8).Select(n => (long)n), (await Task.WhenAll(appends.Where(a => a != appends[3]))).Select(A.Committed).Order());
    }
}
