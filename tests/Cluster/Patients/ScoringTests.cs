using HealthMLOps.Models;
using HealthMLOps.Patients;
using HealthMLOps.Storage;
using HealthMLOps.Tests.Cluster.Audit;
using HealthMLOps.Tests.Cluster.Storage;

namespace HealthMLOps.Tests.Cluster.Patients;

/// <summary>From a registered package to the bedside: event-driven scores, scores on demand, and every typed refusal.</summary>
public sealed class ScoringTests(Stores stores)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<StorageProvider> Both => Stores.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task A_new_fact_is_scored_in_its_own_turn_and_a_stale_score_anew(StorageProvider provider)
    {
        await using var ward = await Ward.Open(await stores.Empty(provider));
        var model = await AModel.Registered(ward);
        await ward.Take(Chart.Admitted("e1", "p1"), Chart.HeartRate("o1", "p1", 130));

        var turn = Assert.Single(await ward.Turns("p1"));
        var prediction = Assert.Single(turn.Turn.Predictions);
        Assert.Equal((model.Version, model.PackageDigest, Ward.Noon), (prediction.Model, prediction.PackageDigest, prediction.AsOf));
        var risk = await ward.GetJson("/api/v1/patients/p1/risk");
        Assert.Equal(prediction.Score, risk.GetProperty("score").GetDouble());
        Assert.Equal("unvalidated", risk.GetProperty("label").GetString());
        Assert.Equal("high", risk.GetProperty("band").GetString());
        Assert.Single(await ward.Turns("p1"));

        ward.Clock.Advance(TimeSpan.FromMinutes(16));
        var again = await ward.GetJson("/api/v1/patients/p1/risk");
        Assert.Equal(Ward.Noon.AddMinutes(16), again.GetProperty("asOf").GetDateTimeOffset());
        Assert.Equal([1, 2], (await ward.Turns("p1")).Select(t => t.Number));
        Assert.Empty((await ward.Turns("p1"))[1].Turn.Facts);
    }

    [Fact]
    public async Task Every_reason_for_no_score_has_its_own_name()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        await ward.Take(Chart.Admitted("e1", "seen"), Chart.HeartRate("o1", "seen", 80));
        Assert.Equal("no-model", await NoScore(ward, "seen"));

        await AModel.Registered(ward);
        await ward.Take(Chart.HeartRate("o2", "outpatient", 80));
        Assert.Equal("outside-population", await NoScore(ward, "outpatient"));
        await ward.Take(Chart.Admitted("e3", "pulseless"), Chart.Oxygen("o3", "pulseless", 97));
        Assert.Equal("missing-inputs", await NoScore(ward, "pulseless"));
        ward.Clock.Advance(TimeSpan.FromHours(8));
        Assert.Equal("stale-data", await NoScore(ward, "seen"));
        Assert.Equal(404, (int)(await ward.Http.GetAsync(new Uri("/api/v1/patients/nobody/risk", UriKind.Relative), Stop)).StatusCode);
    }

    [Fact]
    public async Task A_model_that_can_not_be_loaded_costs_its_score_and_not_the_facts()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        await AModel.Registered(ward);
        await ward.Get<Database>().Change("DELETE FROM packages", Stop);

        await ward.Take(Chart.Admitted("e1", "p1"), Chart.HeartRate("o1", "p1", 130));

        var turn = Assert.Single(await ward.Turns("p1")).Turn;
        Assert.Equal(2, turn.Facts.Length);
        Assert.Equal((null, NoScoreReason.ModelFailed), (turn.Predictions[0].Score, turn.Predictions[0].NoScore!.Value));
    }

    [Fact]
    public async Task Nothing_that_is_not_validated_serves_unless_the_silo_was_told_to()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite), serving: false);
        await AModel.Registered(ward);
        await ward.Take(Chart.Admitted("e1", "p1"), Chart.HeartRate("o1", "p1", 130));

        Assert.Equal("no-model", await NoScore(ward, "p1"));
        Assert.Empty((await ward.Turns("p1")).SelectMany(t => t.Turn.Predictions));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task What_was_served_is_what_the_log_replays_to(StorageProvider provider)
    {
        await using var ward = await Ward.Open(await stores.Empty(provider));
        await AModel.Registered(ward);
        for (var n = 0; n < 60; n++)
        {
            await ward.Take(Chart.Admitted($"e{n % 3}", $"p{n % 3}"), Chart.HeartRate($"o{n % 20}", $"p{n % 3}", 60 + n, version: 1 + n % 7, hoursAgo: n % 5));
            ward.Clock.Advance(TimeSpan.FromMinutes(4));
        }
        await ward.Settle();
        var clean = await ward.PostJson("/api/v1/verifications/replay", "");
        Assert.Equal((3, 0, 0), (clean.GetProperty("patients").GetInt32(), clean.GetProperty("mismatches").GetInt32(), clean.GetProperty("notEvaluable").GetInt32()));
        Assert.True(clean.GetProperty("predictions").GetInt32() >= 20);

        var (number, turn) = (await ward.Turns("p1"))[^1];
        var served = turn.Predictions[^1];
        var heart = served.Values.IndexOf(served.Values.First(v => v is > 50));
        var planted = served with { Values = served.Values.SetItem(heart, Math.BitIncrement(served.Values[heart]!.Value)) };
        var unknown = served with { FeatureSetHash = new string('0', 64) };
        await ward.Log.Append(new PatientAppend(ward.Patient("p1"), number + 1, turn.Recorded,
            ward.Get<TurnCodec>().Encode(new PatientTurn { Recorded = turn.Recorded, Facts = [], Predictions = [planted, unknown] }), [], []));

        var verdict = await ward.PostJson("/api/v1/verifications/replay", "");
        Assert.Equal((1, 1), (verdict.GetProperty("mismatches").GetInt32(), verdict.GetProperty("notEvaluable").GetInt32()));
        var example = Assert.Single(verdict.GetProperty("examples").EnumerateArray());
        Assert.Equal((ward.Patient("p1").Value, number + 1), (example.GetProperty("patient").GetString()!, example.GetProperty("turn").GetInt64()));
        Assert.True(example.TryGetProperty("feature", out _));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Each_read_is_on_the_record_and_the_chain_holds(StorageProvider provider)
    {
        await using var ward = await Ward.Open(await stores.Empty(provider));
        await ward.Take(Chart.HeartRate("o1", "p1", 80));
        await ward.GetJson("/api/v1/patients/p1/risk");
        await ward.GetJson("/api/v1/patients/p1/features?set=deterioration");
        await ward.GetJson("/api/v1/patients/p1/history");
        await ward.Http.GetAsync(new Uri("/api/v1/patients/nobody/history", UriKind.Relative), Stop);

        Assert.Equal(["features.read", "history.read", "risk.read"], (await Chains.Of(ward, "p1")).Select(e => e.Action).Order());
        Assert.Equal("unknown-patient", Assert.Single(await Chains.Of(ward, "nobody")).Outcome);
        await Chains.Hold(ward.Get<Database>(), ward.Log.Writer, 4);
    }

    private static async Task<string?> NoScore(Ward ward, string patient) =>
        (await ward.GetJson($"/api/v1/patients/{patient}/risk")).GetProperty("noScore").GetProperty("reason").GetString();
}
