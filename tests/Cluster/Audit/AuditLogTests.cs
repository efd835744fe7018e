using System.Data.Common;
using System.Security.Cryptography;
using System.Text;
using HealthMLOps.Audit;
using HealthMLOps.Hosting;
using HealthMLOps.Storage;
using HealthMLOps.Tests.Cluster.Storage;

namespace HealthMLOps.Tests.Cluster.Audit;

/// <summary>The record's rows, on both databases.</summary>
public sealed class AuditLogTests(Stores stores)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<StorageProvider> Both => Stores.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task Events_written_at_once_are_dense_and_each_follows_from_the_former(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using var log = await store.OpenLog();
        await Task.WhenAll(Enumerable.Range(1, 300).Select(n => n % 3 == 0 ? log.Append(A.Turn(n, 1)) : log.Record(A.Access(n))));
        await Chains.Hold(store.Database, log.Writer, 200);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_search_finds_by_time_person_action_object_patient_and_outcome_page_by_page(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using var log = await store.OpenLog();
        foreach (var n in Enumerable.Range(1, 9)) await log.Record(A.Access(n));
        await log.Record(new AuditAppend(A.Entry(10) with { Action = "ring.advance", Object = "sepsis@3", Patient = null, Outcome = "refused" }, null, null));
        var audit = new AuditStore(store.Database);
        async Task<string[]> People(AuditQuestion question) => [.. (await audit.Find(question, 100, Stop)).Select(e => e.Event.Entry.Person)];

        Assert.Equal(["p-4", "p-3"], await People(new AuditQuestion { From = A.Noon.AddSeconds(3), To = A.Noon.AddSeconds(5) }));
        Assert.Equal(["p-7"], await People(new AuditQuestion { Person = "p-7" }));
        Assert.Equal(["p-7"], await People(new AuditQuestion { Patient = A.Patient(7) }));
        Assert.Equal(["p-10"], await People(new AuditQuestion { Action = "ring.*" }));
        Assert.Equal(["p-10"], await People(new AuditQuestion { Object = "sepsis@3", Outcome = "refused", Action = "ring.advance" }));
        Assert.Equal(["p-2"], await People(new AuditQuestion { Correlation = "r-2" }));
        var pages = new List<string>();
        for (AuditQuestion question = new(); await audit.Find(question, 4, Stop) is { Count: > 0 } page;)
        {
            pages.AddRange(page.Select(e => e.Event.Entry.Person));
            question = question with { After = (page[^1].Event.Entry.At, page[^1].Event.Place) };
        }
        Assert.Equal(Enumerable.Range(1, 10).Reverse().Select(n => $"p-{n}"), pages);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_payload_is_sealed_beside_its_event_which_commits_to_it_with_a_salt(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using var log = await store.OpenLog();
        var record = new AuditBook(log, new ClinicalClock(TimeProvider.System), store.Seal());
        await Task.WhenAll(record.Record(A.Entry(1) with { Payload = "{\"plan\":1}" }), record.Record(A.Entry(2)), record.Record(A.Entry(3) with { Payload = "{\"plan\":1}" }));

        var audit = new AuditStore(store.Database);
        var chain = await audit.Chain(log.Writer.Value, 0, 10, Stop);
        var committed = chain.Where(e => e.Event.Commitment is not null).ToList();
        Assert.Equal(2, committed.Count);
        Assert.NotEqual(committed[0].Event.Commitment, committed[1].Event.Commitment);
        foreach (var recorded in committed)
        {
            var kept = await audit.SealedPayload(recorded.Event.Place, Stop);
            Assert.DoesNotContain("plan", Encoding.UTF8.GetString(kept!), StringComparison.Ordinal);
            var (salt, payload) = record.Open(kept!, recorded.Event.Commitment!);
            Assert.Equal("{\"plan\":1}", payload);
            Assert.Equal(recorded.Event.Commitment, SHA256.HashData([.. salt, .. Encoding.UTF8.GetBytes(payload)]));
        }
        await Chains.Hold(store.Database, log.Writer, 3);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task What_the_record_does_not_keep_is_refused_before_it_is_queued(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using var log = await store.OpenLog();
        var record = new AuditBook(log, new ClinicalClock(TimeProvider.System), store.Seal());
        await Assert.ThrowsAsync<ArgumentException>(() => record.Record(A.Entry(1) with { Object = "a\0b" }));
        await Assert.ThrowsAsync<ArgumentException>(() => record.Record(A.Entry(1) with { Person = new string('p', AuditBook.WordCharsMax + 1) }));
        await record.Record(A.Entry(2));
        await Chains.Hold(store.Database, log.Writer, 1);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task The_database_refuses_to_change_or_remove_an_event(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using var log = await store.OpenLog();
        await log.Record(A.Access(1));
        await Assert.ThrowsAnyAsync<DbException>(() => store.Database.Change("UPDATE audit_log SET person = 'p-somebody'", Stop));
        await Assert.ThrowsAnyAsync<DbException>(() => store.Database.Change("DELETE FROM audit_log", Stop));
        await Chains.Hold(store.Database, log.Writer, 1);
    }
}
