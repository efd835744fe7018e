using HealthMLOps.Clinical;
using HealthMLOps.Patients;
using HealthMLOps.Storage;
using HealthMLOps.Tests.Cluster.Storage;

namespace HealthMLOps.Tests.Cluster.Patients;

/// <summary>The log alone decides: activations race for numbers, and snapshots only save time.</summary>
public sealed class ActivationTests(Stores stores)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<StorageProvider> Both => Stores.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task An_activation_that_loses_its_number_reloads_and_appends_behind(StorageProvider provider)
    {
        await using var ward = await Ward.Open(await stores.Empty(provider));
        await ward.Take(Chart.HeartRate("o1", "p1", 80, hoursAgo: 3));
        var elsewhere = (await ward.Facts("p1"))[0];
        elsewhere = elsewhere with { Resource = new ResourceKey(7, 7), Entries = [elsewhere.Entries[0] with { Effective = Ward.Noon.AddHours(-2) }] };
        await AppendElsewhere(ward, "p1", 2, new PatientTurn { Recorded = Ward.Noon, Facts = [elsewhere] });

        await ward.Take(Chart.HeartRate("o2", "p1", 120));

        var turns = await ward.Turns("p1");
        Assert.Equal([1, 2, 3], turns.Select(t => t.Number));
        Assert.Equal(3, turns.SelectMany(t => t.Turn.Facts).Select(f => f.Resource).Distinct().Count());
        Assert.Equal(120, await ward.HeartRate("p1"));
        var replayed = Timeline.Of(turns.SelectMany(t => t.Turn.Facts));
        Assert.Equal(replayed, (await ward.Get<PatientStore>().Load(ward.Patient("p1"), Stop)).State.Timeline);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_fact_that_another_activation_has_admitted_is_not_doubled(StorageProvider provider)
    {
        await using var ward = await Ward.Open(await stores.Empty(provider));
        await ward.Take(Chart.HeartRate("o1", "p1", 80));
        await ward.Take(Chart.HeartRate("o2", "p2", 90));
        var same = (await ward.Facts("p2"))[0];
        await AppendElsewhere(ward, "p1", 2, new PatientTurn { Recorded = Ward.Noon, Facts = [same] });

        var admissions = await ward.Grain("p1").Admit(new AdmitFacts { Facts = [new ArrivedFact(same, [], IsNew: false)], PatientResource = default, SealedPatient = [], Origin = FactOrigin.Live });

        Assert.Equal([Admission.Repeated], admissions);
        Assert.Equal([1, 2], (await ward.Turns("p1")).Select(t => t.Number));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_snapshot_and_its_tail_equal_the_whole_log(StorageProvider provider)
    {
        await using var ward = await Ward.Open(await stores.Empty(provider));
        await Snapshotted(ward);
        var store = ward.Get<PatientStore>();
        var (warm, from) = await store.Load(ward.Patient("p1"), Stop);
        Assert.Equal(PatientGrain.TurnsPerSnapshot, from);

        await ward.Get<Database>().Change("DELETE FROM snapshots", Stop);
        var (cold, start) = await store.Load(ward.Patient("p1"), Stop);

        Assert.Equal(0, start);
        Assert.Equal(cold.Number, warm.Number);
        Assert.Equal(cold.Timeline, warm.Timeline);
        Assert.Equal(cold.Timeline, Timeline.Of(await ward.Facts("p1")));
    }

    [Theory]
    [InlineData("UPDATE snapshots SET payload = @payload", new byte[] { 2, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3 })]
    [InlineData("UPDATE snapshots SET payload = @payload", new byte[] { 1, 255, 255 })]
    [InlineData("UPDATE snapshots SET payload = @payload", new byte[] { 2 })]
    [InlineData("UPDATE snapshots SET payload = @payload", new byte[0])]
    public async Task A_damaged_or_older_snapshot_is_ignored(string damage, byte[] payload)
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        await Snapshotted(ward);
        await ward.Get<Database>().Change(damage, Stop, ("@payload", payload));

        var (state, from) = await ward.Get<PatientStore>().Load(ward.Patient("p1"), Stop);

        Assert.Equal((0, 40), (from, state.Number));
        Assert.Equal(Timeline.Of(await ward.Facts("p1")), state.Timeline);
    }

    [Fact]
    public async Task One_flipped_bit_of_a_snapshot_is_noticed()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        await Snapshotted(ward);
        var stored = (await ward.Log.ReadSnapshot(ward.Patient("p1"), Stop))!;
        for (var at = 0; at < stored.Payload.Length; at += 37)
        {
            var damaged = stored.Payload.ToArray();
            damaged[at] ^= 4;
            await ward.Get<Database>().Change("UPDATE snapshots SET payload = @payload", Stop, ("@payload", damaged));
            Assert.Equal(0, (await ward.Get<PatientStore>().Load(ward.Patient("p1"), Stop)).SnapshotNumber);
        }
    }

    private static async Task Snapshotted(Ward ward)
    {
        for (var n = 0; n < 40; n++) await ward.Take(Chart.HeartRate($"o{n}", "p1", 60 + n, version: 1 + n, hoursAgo: 41 - n));
    }

    private static async Task AppendElsewhere(Ward ward, string patient, long number, PatientTurn turn) =>
        Assert.IsType<AppendResult.Committed>(await ward.Log.Append(
            new PatientAppend(ward.Patient(patient), number, turn.Recorded, ward.Get<TurnCodec>().Encode(turn), [], [])));
}
