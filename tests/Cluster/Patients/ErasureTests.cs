using System.Net;
using System.Text;
using HealthMLOps.Intake;
using HealthMLOps.Privacy;
using HealthMLOps.Storage;
using HealthMLOps.Tests.Cluster.Storage;
using HealthMLOps.Tests.Shared;

namespace HealthMLOps.Tests.Cluster.Patients;

/// <summary>An erased patient can't be read by anybody, and does not come back.</summary>
public sealed class ErasureTests(Stores stores)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<StorageProvider> Both => Stores.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task An_erased_patient_is_gone_and_stays_gone_and_others_are_not_touched(StorageProvider provider)
    {
        var options = await stores.Empty(provider);
        await using (var ward = await Ward.Open(options))
        {
            await ward.Take(Chart.HeartRate("o1", "p1", 70), Chart.HeartRate("o2", "p2", 80));
            var erased = await ward.PostJson("/api/v1/patients/p1/erase", """{"reason":"request of the patient"}""");
            Assert.True(erased.GetProperty("erased").GetBoolean());
            await ward.PostJson("/api/v1/patients/p1/erase", """{"reason":"again"}""");
            await Refused(ward);
        }

        await using var later = await Ward.Open(options);
        await later.Get<Erasures>().Refresh(Stop);
        await Refused(later);
        Assert.Equal(80, await later.HeartRate("p2"));
        Assert.Equal([later.Patient("p2")], (await later.Log.ReadAll(Stop).ToListAsync(Stop)).Select(t => t.Patient).Distinct());
    }

    [Fact]
    public async Task The_key_of_an_erased_patient_is_no_longer_in_the_embedded_databases_files()
    {
        var options = await stores.Empty(StorageProvider.Sqlite);
        await using var ward = await Ward.Open(options);
        await ward.Take(Chart.HeartRate("o1", "p1", 70), Chart.HeartRate("o2", "p2", 80));
        var wrapped = (await ward.Get<Database>().Query("SELECT wrapped FROM patient_keys WHERE patient = @p", row => row.GetFieldValue<byte[]>(0), Stop, ("@p", ward.Patient("p1").Value)))[0];
        Assert.NotEmpty(RawFiles.With(options.DataFolder, wrapped));

        await ward.Grain("p1").Erase();
        Assert.Empty(RawFiles.With(options.DataFolder, wrapped));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task What_waits_in_quarantine_of_an_erased_patient_goes_too_and_a_replay_says_why(StorageProvider provider)
    {
        await using var ward = await Ward.Open(await stores.Empty(provider));
        string Odd(string id, string patient) => Chart.HeartRateJson(id, patient, 70).Replace("/min", "furlong", StringComparison.Ordinal);
        await ward.Take(Chart.HeartRate("o1", "p1", 70), Chart.HeartRate("o2", "p2", 80));
        await ward.Put("Observation", "odd1", Odd("odd1", "p1"));
        await ward.Put("Observation", "odd2", Odd("odd2", "p2"));
        await ward.Put("Observation", "odd3", Odd("odd3", "p1").Replace("\"status\"", "\"performer\":[{\"reference\":\"Patient/p2\"}],\"status\"", StringComparison.Ordinal));

        var answer = await ward.PostJson("/api/v1/patients/p1/erase", """{"reason":"request"}""");
        Assert.Equal(1, answer.GetProperty("quarantine").GetProperty("erased").GetInt32());
        Assert.Equal([(3L, QuarantineRemainder.NamesOthers)], Remaining(answer));
        Assert.Equal(provider == StorageProvider.Sqlite, answer.GetProperty("traces").ValueKind == System.Text.Json.JsonValueKind.Null);

        var item = await ward.GetJson("/api/v1/quarantine/1");
        Assert.Equal(("erased", false), (item.GetProperty("status").GetString(), item.TryGetProperty("payload", out _)));
        var replay = await ward.PostJson("/api/v1/quarantine/1/replay", "");
        Assert.Equal((false, RefusalCodes.Erased), (replay.GetProperty("replayed").GetBoolean(), replay.GetProperty("reason").GetString()));
        Assert.Contains("furlong", (await ward.GetJson("/api/v1/quarantine/2")).GetProperty("payload").GetString(), StringComparison.Ordinal);
        await ward.Put("Observation", "odd1", Odd("odd1", "p1"));
        Assert.Equal([2, 3], (await ward.GetJson("/api/v1/quarantine")).GetProperty("items").EnumerateArray().Select(i => i.GetProperty("id").GetInt64()));
    }

    [Fact]
    public async Task What_may_be_of_an_erased_patient_or_cant_be_read_stays_and_is_listed_with_the_reason()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        await ward.Take(Chart.HeartRate("o1", "p1", 70));
        string[] undecided =
        [
            """{"resourceType":"Observation","subject":{"identifier":{"value":"mrn-1"}}}""",
            """{"resourceType":"Observation","subject":{"reference":"#pat"},"contained":[{"resourceType":"Patient","id":"pat"}]}""",
            "{",
            """{"resourceType":"Observation","subject":{"reference":"Patient/p2"}}""",
        ];
        foreach (var payload in undecided)
            await ward.Get<QuarantineDesk>().Keep(Ward.Hospital, new ReadResource.Refused(RefusalCodes.Malformed, "", "Odd."), Encoding.UTF8.GetBytes(payload), QuarantineContext.Unknown, Stop);
        var seal = ward.Get<PayloadSeal>();
        (byte[] Payload, byte[] Context)[] unreadable = [([7, 7, 7], [7]), (seal.Seal("{}"u8, "quarantine"), seal.Seal("null"u8, "quarantine-context"))];
        foreach (var (payload, context) in unreadable)
            await ward.Get<QuarantineStore>().Add(new NewQuarantineItem(Ward.Noon, Ward.Hospital, RefusalCodes.Malformed, "Odd.", payload, seal.Fingerprint(payload), context), Stop);

        var answer = await ward.PostJson("/api/v1/patients/p1/erase", """{"reason":"request"}""");
        Assert.Equal(0, answer.GetProperty("quarantine").GetProperty("erased").GetInt32());
        Assert.Equal(
            [(1L, QuarantineRemainder.Undecidable), (2L, QuarantineRemainder.Undecidable), (3L, QuarantineRemainder.Undecidable), (5L, QuarantineRemainder.Unreadable), (6L, QuarantineRemainder.Unreadable)],
            Remaining(answer));
    }

    [Fact]
    public async Task On_PostgreSQL_every_table_that_held_the_patient_is_vacuumed_and_the_answer_says_what_remains_where()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Postgres));
        await ward.Take(Chart.HeartRate("o1", "p1", 70));
        var traces = (await ward.PostJson("/api/v1/patients/p1/erase", """{"reason":"request"}""")).GetProperty("traces").GetString();
        foreach (var part in (string[])["free space", "write-ahead log", "backups", "sealed key", "snapshot", "name", "resource ids"])
            Assert.Contains(part, traces, StringComparison.Ordinal);
        foreach (var table in (string[])["patient_keys", "snapshots", "patient_names", "resource_index", "quarantine"])
            Assert.True((await ward.Get<Database>().Query("SELECT vacuum_count FROM pg_stat_user_tables WHERE relname = @table", row => row.GetInt64(0), Stop, ("@table", table)))[0] > 0, table);
    }

    [Fact]
    public async Task A_write_ahead_log_that_is_being_read_is_named_in_the_answer_and_emptied_afterwards()
    {
        var options = await stores.Empty(StorageProvider.Sqlite);
        await using var ward = await Ward.Open(options);
        await ward.Take(Chart.HeartRate("o1", "p1", 70));
        var wrapped = (await ward.Get<Database>().Query("SELECT wrapped FROM patient_keys", row => row.GetFieldValue<byte[]>(0), Stop))[0];
        await using (var reader = await ward.Get<Database>().Source.OpenConnectionAsync(Stop))
        {
            await using var transaction = ((Microsoft.Data.Sqlite.SqliteConnection)reader).BeginTransaction(deferred: true);
            await using var command = reader.CreateCommand();
            (command.CommandText, command.Transaction) = ("SELECT count(*) FROM patient_keys", transaction);
            await command.ExecuteScalarAsync(Stop);
            var answer = await ward.PostJson("/api/v1/patients/p1/erase", """{"reason":"request"}""");
            Assert.Contains("write-ahead log is read by somebody", answer.GetProperty("traces").GetString(), StringComparison.Ordinal);
        }
        await ward.Get<Erasures>().Refresh(Stop);
        Assert.Empty(RawFiles.With(options.DataFolder, wrapped));
    }

    [Fact]
    public async Task An_erasure_without_a_ground_is_refused()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        var answer = await ward.Http.PostAsync(new Uri("/api/v1/patients/p1/erase", UriKind.Relative), new StringContent("{}", Encoding.UTF8, "application/json"), Stop);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    private static IEnumerable<(long, string?)> Remaining(System.Text.Json.JsonElement answer) =>
        answer.GetProperty("quarantine").GetProperty("remaining").EnumerateArray().Select(item => (item.GetProperty("id").GetInt64(), item.GetProperty("reason").GetString()));

    private static async Task Refused(Ward ward)
    {
        foreach (var question in (string[])["risk", "features?set=deterioration", "history"])
            Assert.Equal(HttpStatusCode.Gone, (await ward.Http.GetAsync(new Uri($"/api/v1/patients/p1/{question}", UriKind.Relative), Stop)).StatusCode);
        var refused = Assert.IsType<EntryResult.Refused>((await ward.Take(Chart.HeartRate("o9", "p1", 99)))[0]);
        Assert.Equal(RefusalCodes.Erased, refused.Why.Code);
        Assert.Equal(0, (await ward.GetJson("/api/v1/quarantine")).GetProperty("items").GetArrayLength());
        Assert.Empty(await ward.Facts("p1"));
    }
}
