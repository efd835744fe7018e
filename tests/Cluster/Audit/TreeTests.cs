using System.Net.Http.Json;
using System.Text;
using System.Text.Json.Nodes;
using HealthMLOps.Audit;
using HealthMLOps.Clinical;
using HealthMLOps.Storage;
using HealthMLOps.Tests.Cluster.Patients;
using HealthMLOps.Tests.Cluster.Storage;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Task = System.Threading.Tasks.Task;

namespace HealthMLOps.Tests.Cluster.Audit;

/// <summary>The tree behind the record, on whole silos: followed, signed, exported, and held against what was signed.</summary>
public sealed class TreeTests(Stores stores)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<StorageProvider> Both => Stores.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task Every_event_gets_its_leaf_once_over_restarts_and_the_export_verifies_offline(StorageProvider provider)
    {
        var options = await stores.Empty(provider);
        var expected = 0;
        SignedCheckpoint first;
        await using (var ward = await Ward.Open(options))
        {
            await Happen(ward, 700);
            first = await Signed(ward);
            await Happen(ward, 20); // Not in the tree yet when the silo goes.
        }
        await using var later = await Ward.Open(options);
        await Happen(later, 30);
        expected += 750;
        var (file, keys) = await Export(later);

        var verdict = await Verify(file, keys, first);
        Assert.Null(verdict.Fault);
        Assert.Equal(expected + 1, verdict.Entries); // The export is itself on the record.
        Assert.True((await Signed(later)).Checkpoint.Size > first.Checkpoint.Size);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Proofs_of_inclusion_and_consistency_hold(StorageProvider provider)
    {
        await using var ward = await Ward.Open(await stores.Empty(provider));
        await Happen(ward, 300);
        var former = await Signed(ward);
        await Happen(ward, 333);
        var last = await Signed(ward);

        var path = (await ward.GetJson($"/api/v1/audit/consistency?from={former.Checkpoint.Size}&to={last.Checkpoint.Size}")).GetProperty("path").EnumerateArray()
            .Select(h => Convert.FromHexString(h.GetString()!)).ToList();
        Assert.True(MerkleProof.Extends(former.Checkpoint.Root, former.Checkpoint.Size, last.Checkpoint.Root, last.Checkpoint.Size, path));

        var place = new AuditPlace(ward.Log.Writer.Value, 401);
        var shown = JsonNode.Parse((await ward.GetJson($"/api/v1/audit/entries/{place}")).GetRawText())!;
        var signed = SignedCheckpoint.Parse(shown["proof"]!["checkpoint"]!.GetValue<string>())!;
        var proof = shown["proof"]!["path"]!.AsArray().Select(h => Convert.FromHexString(h!.GetValue<string>())).ToList();
        var leaf = MerkleHash.Leaf(Encoding.UTF8.GetBytes(shown["canonical"]!.GetValue<string>()));
        Assert.True(MerkleProof.Includes(signed.Checkpoint.Root, signed.Checkpoint.Size, shown["leaf"]!.GetValue<long>(), leaf, proof));
        Assert.Contains(await ward.Get<AuditStore>().Find(new AuditQuestion { Action = "record.read" }, 10, Stop), e => e.Event.Entry.Object == "entry " + place);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task What_was_done_to_the_store_is_named_by_the_verifier(StorageProvider provider)
    {
        foreach (var (tampering, entry) in new (string, long)[]
        {
            ("UPDATE audit_log SET person = 'p-somebody' WHERE sequence = 7", 6),
            ("DELETE FROM audit_log WHERE sequence = 7", 6),
            ("UPDATE audit_leaves SET hash = (SELECT hash FROM audit_leaves WHERE leaf = 3) WHERE leaf = 6", 6),
        })
        {
            await using var ward = await Ward.Open(await stores.Empty(provider));
            await Happen(ward, 20);
            await Signed(ward);
            await Tamper(ward.Get<Database>(), tampering);
            var (file, keys) = await Export(ward);
            Assert.Equal(entry, (await Verify(file, keys)).Fault?.Entry);
        }
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_silo_refuses_to_start_on_a_tree_that_is_not_what_was_signed(StorageProvider provider)
    {
        var options = await stores.Empty(provider);
        await using (var ward = await Ward.Open(options))
        {
            await Happen(ward, 20);
            await Signed(ward);
            await Tamper(ward.Get<Database>(), "UPDATE audit_leaves SET hash = (SELECT hash FROM audit_leaves WHERE leaf = 3) WHERE leaf = 6");
        }
        Assert.Contains("one of them was changed", (await Assert.ThrowsAnyAsync<Exception>(() => Ward.Open(options))).ToString(), StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task An_event_that_was_changed_before_the_tree_took_it_stops_the_tree(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using (var log = await store.OpenLog()) foreach (var n in Enumerable.Range(1, 9)) await log.Record(A.Access(n));
        await Tamper(store.Database, "UPDATE audit_log SET person = 'p-somebody' WHERE sequence = 5");

        await using var ward = await Ward.Open(store.Options);
        var broken = await Assert.ThrowsAsync<RecordBroken>(() => ward.Get<Orleans.IGrainFactory>().GetGrain<IAuditGrain>(IAuditGrain.Key).Checkpoint());
        Assert.Contains("Event 1-5", broken.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Events_that_are_gone_before_the_tree_took_them_stop_the_tree(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using (var log = await store.OpenLog()) foreach (var n in Enumerable.Range(1, 9)) await log.Record(A.Access(n));
        await Tamper(store.Database, "DELETE FROM audit_log WHERE sequence > 5");

        await using var ward = await Ward.Open(store.Options);
        var broken = await Assert.ThrowsAsync<RecordBroken>(() => ward.Get<Orleans.IGrainFactory>().GetGrain<IAuditGrain>(IAuditGrain.Key).Checkpoint());
        Assert.Contains("Events 6 to 9 of writer 1", broken.Message, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_record_that_was_cut_back_or_told_anew_is_known_by_the_witness(StorageProvider provider)
    {
        var options = await stores.Empty(provider);
        var witness = Path.Combine(options.DataFolder, "elsewhere");
        await using (var ward = await Ward.Open(options, witness: witness))
        {
            await Happen(ward, 20);
            await Signed(ward);
            await Happen(ward, 20);
            await Signed(ward);
            Assert.Subset(new AuditWitness(witness).Read().Select(c => c.Checkpoint.Size).ToHashSet(), new HashSet<long> { 20, 40 });
            // The holder of the database goes back to the first checkpoint and leaves no trace there.
            await Tamper(ward.Get<Database>(), "DELETE FROM audit_leaves WHERE leaf >= 20", "DELETE FROM audit_checkpoints WHERE size > 20", "DELETE FROM audit_log WHERE sequence > 20",
                "UPDATE writers SET last_access_sequence = 20");
        }
        Assert.Contains("cut back", (await Assert.ThrowsAnyAsync<Exception>(() => Ward.Open(options, witness: witness))).ToString(), StringComparison.Ordinal);
        await using (var unwitnessed = await Ward.Open(options)) // Without the witness nothing shows.
        {
            await Happen(unwitnessed, 20);
            await Signed(unwitnessed);
        }
        Assert.Contains("two stories", (await Assert.ThrowsAnyAsync<Exception>(() => Ward.Open(options, witness: witness))).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task After_a_rotation_old_checkpoints_verify_with_the_old_key_and_new_ones_with_the_new()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        await Happen(ward, 5);
        await Signed(ward);
        (await ward.Http.PostAsync(new Uri("/api/v1/audit/keys", UriKind.Relative), null, Stop)).EnsureSuccessStatusCode();
        await Happen(ward, 5);
        var (file, keys) = await Export(ward);
        Assert.Equal(2, keys.Count);
        Assert.Null((await Verify(file, keys)).Fault);
        Assert.Equal("signature", (await Verify(file, [keys[0]])).Fault!.Check);
        Assert.Equal("signature", (await Verify(file, [keys[1]])).Fault!.Check);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task The_record_as_FHIR_is_valid_and_pages(StorageProvider provider)
    {
        await using var ward = await Ward.Open(await stores.Empty(provider));
        await ward.Take(Chart.HeartRate("o1", "p1", 80));
        for (var n = 0; n < 3; n++) await ward.GetJson("/api/v1/patients/p1/risk");
        var seen = new List<string>();
        for (var next = "/fhir/AuditEvent?patient=Patient/p1&subtype=risk.read&_count=2"; next is not null;)
        {
            var text = await ward.Http.GetStringAsync(new Uri(next, UriKind.RelativeOrAbsolute), Stop);
            var bundle = Assert.IsType<Bundle>(FhirJsonDeserializer.STRICT.DeserializeResource(text));
            foreach (var found in bundle.Entry.Select(e => Assert.IsType<Hl7.Fhir.Model.AuditEvent>(e.Resource)))
            {
                seen.Add(found.Id!);
                Assert.Equal(Hl7.Fhir.Model.AuditEvent.AuditEventAction.R, found.Action);
                Assert.Equal("owner", found.Agent[0].Who!.Identifier!.Value);
                Assert.Equal(ward.Patient("p1").Value, found.Entity[0].What!.Identifier!.Value);
                Assert.DoesNotContain("p1\"", text, StringComparison.Ordinal);
            }
            next = bundle.Link.SingleOrDefault(l => l.Relation == "next")?.Url;
        }
        Assert.Equal(3, seen.Distinct().Count());
    }

    /// <summary>The verdict over a silo's whole record.</summary>
    internal static async Task<AuditVerdict> ExportVerified(Ward ward)
    {
        var (file, keys) = await Export(ward);
        return await Verify(file, keys);
    }

    private static Task Happen(Ward ward, int count) => Task.WhenAll(Enumerable.Range(1, count).Select(n => ward.Log.Record(A.Access(n))));

    private static async Task<SignedCheckpoint> Signed(Ward ward) =>
        SignedCheckpoint.Parse((await ward.Get<Orleans.IGrainFactory>().GetGrain<IAuditGrain>(IAuditGrain.Key).Checkpoint()).Note!)!;

    private static async Task<(byte[] File, IReadOnlyList<AuditKey> Keys)> Export(Ward ward)
    {
        var file = await ward.Http.GetByteArrayAsync(new Uri("/api/v1/audit/export", UriKind.Relative), Stop);
        var keys = await ward.Http.GetFromJsonAsync<JsonObject>("/api/v1/audit/keys", Stop);
        return (file, [.. keys!["keys"]!.AsArray().Select(k => AuditKey.Parse(k!["line"]!.GetValue<string>()))]);
    }

    private static async Task<AuditVerdict> Verify(byte[] file, IReadOnlyList<AuditKey> keys, params SignedCheckpoint[] outside)
    {
        using var stream = new MemoryStream(file);
        return await ExportReader.Verify(stream, new ExportVerifier(keys, outside), Stop);
    }

    /// <summary>As somebody does who owns the database: the triggers are no obstacle.</summary>
    private static async Task Tamper(Database database, params string[] statements)
    {
        (string Table, string[] Triggers)[] guarded =
        [
            ("audit_log", ["audit_log_stays", "audit_log_stays_as_it_is"]),
            ("audit_leaves", database.Provider == StorageProvider.Sqlite ? ["audit_leaves_stay", "audit_leaves_stay_as_they_are"] : ["audit_leaves_stay"]),
            ("audit_checkpoints", database.Provider == StorageProvider.Sqlite ? ["audit_checkpoints_stay", "audit_checkpoints_stay_as_they_are"] : ["audit_checkpoints_stay"]),
        ];
        foreach (var (table, triggers) in guarded)
            foreach (var trigger in triggers)
                await database.Change(database.Provider == StorageProvider.Sqlite ? $"DROP TRIGGER IF EXISTS {trigger}" : $"DROP TRIGGER IF EXISTS {trigger} ON {table}", Stop);
        foreach (var statement in statements) await database.Change(statement, Stop);
    }
}
