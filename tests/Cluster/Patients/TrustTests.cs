using HealthMLOps.Clinical;
using HealthMLOps.Features;
using HealthMLOps.Intake;
using HealthMLOps.Storage;
using HealthMLOps.Tests.Cluster.Storage;

namespace HealthMLOps.Tests.Cluster.Patients;

/// <summary>Ways in which a score or a value could quietly be of yesterday.</summary>
public sealed class TrustTests(Stores stores)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Values_dated_ahead_do_not_push_the_present_out_of_the_score()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        var model = await AModel.Registered(ward);
        await ward.Take([Chart.Admitted("e1", "p1"), .. Enumerable.Range(0, 600).Select(n => Chart.HeartRate($"f{n}", "p1", 80, hoursAgo: -120 - n / 60.0))]);
        await ward.Take(Chart.HeartRate("now", "p1", 130));

        var prediction = (await ward.Turns("p1"))[^1].Turn.Predictions.Single();
        var place = ward.Get<FeatureLibrary>().Named("deterioration").Features.Select(f => f.Name).ToList().IndexOf("heart-rate-last");
        Assert.Equal(130, prediction.Values[place]);
        var verdict = await ward.PostJson("/api/v1/verifications/replay", "");
        Assert.Equal((0, true), (verdict.GetProperty("mismatches").GetInt32(), verdict.GetProperty("predictions").GetInt32() >= 2));
        Assert.Equal(model.Version, prediction.Model);
    }

    [Fact]
    public async Task A_risk_asked_after_an_import_knows_what_was_imported()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        await AModel.Registered(ward);
        await ward.Take(Chart.Admitted("e1", "p1"), Chart.HeartRate("o1", "p1", 75));
        var before = await ward.GetJson("/api/v1/patients/p1/risk");
        await ward.Import(Chart.HeartRate("o2", "p1", 140, hoursAgo: 0.5));

        var after = await ward.GetJson("/api/v1/patients/p1/risk");
        Assert.NotEqual(before.GetProperty("score").GetDouble(), after.GetProperty("score").GetDouble());
    }

    [Fact]
    public async Task A_retraction_that_names_no_patient_still_withdraws()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        await ward.Take(Chart.HeartRate("o1", "p1", 190));
        Assert.Equal(190, await ward.HeartRate("p1"));

        var results = await ward.Take(Chart.Of("""{"resourceType":"Observation","id":"o1","meta":{"versionId":"2","lastUpdated":"2026-11-20T11:59:00Z"},"status":"entered-in-error","code":{"text":"x"}}"""));
        Assert.IsType<EntryResult.Stored>(results[0]);
        Assert.Null(await ward.HeartRate("p1"));
    }

    [Fact]
    public async Task A_delete_stands_where_the_EHR_put_it_among_the_versions()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        var deleted = new IngestEntry { Type = "Observation", Id = "o1", ChangedAt = Chart.Written(2) };
        await ward.Take(Chart.HeartRate("o1", "p1", 70, version: 3), deleted, Chart.HeartRate("o1", "p1", 60, version: 1));
        Assert.Equal(70, await ward.HeartRate("p1"));
    }

    [Fact]
    public async Task A_delete_without_a_time_ends_what_is_there_and_not_what_comes_later()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        var delete = new IngestEntry { Type = "Observation", Id = "o1" };
        static IngestEntry Numbered(int version, int bpm) => Chart.Of(Chart.HeartRateJson("o1", "p1", bpm, version)
            .Replace($",\"lastUpdated\":\"{Chart.Written(version):yyyy-MM-ddTHH:mm:ssZ}\"", "", StringComparison.Ordinal));
        await ward.Take(Numbered(1, 61));
        Assert.Equal(61, await ward.HeartRate("p1"));
        await ward.Take(delete);
        await ward.Take(delete);
        Assert.Null(await ward.HeartRate("p1"));
        await ward.Take(Numbered(2, 62));
        Assert.Equal(62, await ward.HeartRate("p1"));
        Assert.Equal(3, (await ward.Facts("p1")).Count);
    }
}
