using System.Text.Json;
using HealthMLOps.Clinical;
using HealthMLOps.Hosting;
using HealthMLOps.Storage;
using HealthMLOps.Tests.Cluster.Storage;
using HealthMLOps.Training;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Orleans.Serialization;

namespace HealthMLOps.Tests.Cluster.Patients;

/// <summary>What a silo does at its edges: busy, fenced, wrong key, interrupted.</summary>
public sealed class HostTests(Stores stores)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<StorageProvider> Both => Stores.Both;

    [Fact]
    public async Task A_busy_log_is_told_across_grains_and_answered_with_503_and_when_to_come_back()
    {
        using var services = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var serializer = services.GetRequiredService<Serializer>();
        var crossed = serializer.Deserialize<Exception>(serializer.SerializeToArray<Exception>(new LogBusy("full", TimeSpan.FromSeconds(2.5))));
        var busy = Assert.IsType<LogBusy>(crossed);
        Assert.Equal(("full", TimeSpan.FromSeconds(2.5)), (busy.Message, busy.RetryAfter));

        var http = new DefaultHttpContext();
        await new FailureAnswers(_ => throw busy, NullLogger<FailureAnswers>.Instance).InvokeAsync(http);
        Assert.Equal((503, "3"), (http.Response.StatusCode, http.Response.Headers.RetryAfter.ToString()));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_fenced_silo_answers_503_and_stops(StorageProvider provider)
    {
        await using var ward = await Ward.Open(await stores.Empty(provider));
        var stopping = new TaskCompletionSource();
        ward.Stopping.Register(stopping.SetResult);
        await ward.Log.Fence(ward.Log.Writer, Stop);

        var answer = await ward.Put("Observation", "o1", Chart.HeartRateJson("o1", "p1", 80));

        Assert.Equal(503, (int)answer.StatusCode);
        await stopping.Task.WaitAsync(TimeSpan.FromSeconds(30), Stop);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_record_under_another_identity_key_is_refused_at_the_start(StorageProvider provider)
    {
        var options = await stores.Empty(provider);
        await using (var ward = await Ward.Open(options)) await ward.Take(Chart.HeartRate("o1", "p1", 80));
        File.Delete(Path.Combine(options.DataFolder, "keys", "identity"));

        var refusal = await Assert.ThrowsAnyAsync<Exception>(async () => await (await Ward.Open(options)).DisposeAsync());

        Assert.IsType<InvalidConfiguration>(refusal);
        Assert.Contains("Put back the key file", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_interrupted_training_run_is_taken_up_again_and_the_same_request_gives_the_same_package()
    {
        var options = await stores.Empty(StorageProvider.Sqlite);
        const string request = """{"featureSet":"deterioration","cohort":"ward-every-6h","label":"deterioration-24h","algorithm":"logistic-regression","folds":2}""";
        await using (var ward = await Ward.Open(options))
        {
            await ward.Import([.. Enumerable.Range(0, 60).SelectMany(Stay)]);
            await ward.Get<IEnumerable<Microsoft.Extensions.Hosting.IHostedService>>().OfType<TrainingWork>().Single().StopAsync(Stop);
            Assert.Equal("run-1", (await ward.PostJson("/api/v1/runs", request)).GetProperty("id").GetString());
        }

        await using var after = await Ward.Open(options);
        var first = await Ended(after, "run-1");
        await after.PostJson("/api/v1/runs", request);
        var second = await Ended(after, "run-2");

        Assert.Equal(first.GetProperty("packageDigest").GetString(), second.GetProperty("packageDigest").GetString());
    }

    /// <summary>Two days on a ward; each third patient's heart runs, and they die on the second day.</summary>
    private static IEnumerable<Intake.IngestEntry> Stay(int n)
    {
        var (from, dies) = (Ward.Noon.AddDays(-10), n % 3 == 0);
        var to = from.AddHours(dies ? 30 : 48);
        yield return Chart.Person($"p{n}", dies ? to : null);
        yield return Chart.Stay($"e{n}", $"p{n}", from, to);
        for (var hour = 1; hour < 30; hour += 4)
            yield return Chart.HeartRate($"o{n}-{hour}", $"p{n}", (dies ? 120 : 75) + n % 7, hoursAgo: (Ward.Noon - from).TotalHours - hour);
    }

    /// <summary>A run's end has no event that a test could await from outside; its answer is asked until it says so.</summary>
    private static async Task<JsonElement> Ended(Ward ward, string run)
    {
        while (true)
        {
            var answer = await ward.GetJson($"/api/v1/runs/{run}");
            if (answer.GetProperty("state").GetString() is "succeeded") return answer;
            Assert.True(answer.GetProperty("state").GetString() != "failed", answer.ToString());
            await Task.Delay(50, Stop);
        }
    }
}
