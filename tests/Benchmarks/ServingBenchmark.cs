using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace HealthMLOps.Tests.Benchmarks;

/// <summary>
/// A notification from the wire to durable and scored, and a risk query, both over HTTP against a bare route of Kestrel in the
/// same process and run. The clients share the processor with the server.
/// </summary>
internal static class ServingBenchmark
{
    private const int InPatients = 200;
    private const int PastStays = 120;

    private static int _sent;

    public static async Task Run(RunSize size, Report report)
    {
        await using var silo = await ASilo.Start();
        await using var bare = await BareServer.Start();
        using var owner = silo.Owner();
        using var sender = silo.Sender();
        var now = DateTimeOffset.UtcNow;
        var failed = await silo.Import(PastLines(now)) + await silo.Import(OpenLines(now));
        report.Require(failed == 0, "the ward was not taken in");
        report.Require(await Train(owner), "no model was trained and registered");

        Func<int, Task<bool>> bareWrite = i => Post(bare.Client, "/bare", Fresh(now)), write = i => Post(sender, $"/fhir/notify/{AWard.Source}", Fresh(now));
        await Compare("notification, durable and scored", bareWrite, write, size, report);
        Func<int, Task<bool>> bareRead = i => Get(bare.Client, "/bare"), read = i => Get(owner, $"/api/v1/patients/i{i % InPatients}/risk?model=deterioration");
        await Compare("risk query", bareRead, read, size, report);

        var risk = await owner.GetStringAsync(new Uri("/api/v1/patients/i1/risk?model=deterioration", UriKind.Relative));
        using var answer = JsonDocument.Parse(risk);
        report.Require(answer.RootElement.TryGetProperty("score", out _), $"a notified patient has no score: {risk}");
    }

    private static async Task Compare(string what, Func<int, Task<bool>> bare, Func<int, Task<bool>> ours, RunSize size, Report report)
    {
        await LoadClient.Run(size.Warmup, bare);
        await LoadClient.Run(size.Warmup, ours);
        var (loads, bares) = (new List<Load>(), new List<Load>());
        for (var run = 0; run < size.Repeats; run++)
        {
            bares.Add(await LoadClient.Run(size.LoadTime, bare));
            loads.Add(await LoadClient.Run(size.LoadTime, ours));
        }
        report.Require(loads.Concat(bares).All(l => l.Wrong == 0), $"{what}: {loads.Sum(l => l.Wrong)} wrong answers");
        report.Line($"{what}, {LoadClient.Clients} clients", "requests/s", [.. loads.Select(l => l.PerSecond)]);
        report.Line($"{what}: p50", "ms", [.. loads.Select(l => l.HalfMs)]);
        report.Line($"{what}: p99", "ms", [.. loads.Select(l => l.MostMs)]);
        report.Line($"{what}: bare route", "requests/s", [.. bares.Select(l => l.PerSecond)]);
        report.Line($"{what}: ratio to the bare route", "", [.. loads.Zip(bares, (l, b) => l.PerSecond / b.PerSecond)]);
    }

    /// <summary>Stays that have ended, a third of them badly: what the model learns from.</summary>
    private static IEnumerable<string> PastLines(DateTimeOffset now) => Enumerable.Range(0, PastStays).SelectMany(i =>
        AWard.Lines($"d{i}", now.AddDays(-30 - i % 7), now.AddDays(-28 - i % 7), 240, TimeSpan.FromHours(2), died: i % 3 == 0));

    /// <summary>Patients who are here, with two days of measurements.</summary>
    private static IEnumerable<string> OpenLines(DateTimeOffset now) => Enumerable.Range(0, InPatients).SelectMany(i =>
        AWard.Lines($"i{i}", now.AddDays(-2), null, 400, TimeSpan.FromHours(1)));

    private static async Task<bool> Train(HttpClient owner)
    {
        var order = """{"featureSet":"deterioration","cohort":"ward-every-6h","label":"deterioration-24h","model":"deterioration","algorithm":"lightgbm","folds":2,"seed":1,"register":true}""";
        using var started = await owner.PostAsync(new Uri("/api/v1/runs", UriKind.Relative), new StringContent(order, new MediaTypeHeaderValue("application/json")));
        if (!started.IsSuccessStatusCode) return false;
        using var run = JsonDocument.Parse(await started.Content.ReadAsStreamAsync());
        var id = run.RootElement.GetProperty("id").GetString();
        while (true)
        {
            using var state = JsonDocument.Parse(await owner.GetStringAsync(new Uri($"/api/v1/runs/{id}", UriKind.Relative)));
            var word = state.RootElement.GetProperty("state").GetString();
            if (word == "succeeded") break;
            if (word is not ("queued" or "running")) return false;
            await Task.Delay(200);
        }
        // The plan with the new version reaches the board a moment later.
        for (var attempt = 0; attempt < 50; attempt++)
        {
            using var models = JsonDocument.Parse(await owner.GetStringAsync(new Uri("/api/v1/models", UriKind.Relative)));
            if (models.RootElement.EnumerateArray().Any(m => m.GetProperty("serving").GetBoolean())) return true;
            await Task.Delay(200);
        }
        return false;
    }

    /// <summary>A notification that was never sent before.</summary>
    private static byte[] Fresh(DateTimeOffset now)
    {
        var number = Interlocked.Increment(ref _sent);
        return AWard.Notification($"i{number % InPatients}", 1_000 + number, now.AddSeconds(-(number % 3600)));
    }

    private static async Task<bool> Post(HttpClient client, string path, byte[] body)
    {
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/fhir+json") } };
        using var answer = await client.PostAsync(new Uri(path, UriKind.Relative), content);
        return answer.StatusCode == HttpStatusCode.OK;
    }

    private static async Task<bool> Get(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        return answer.StatusCode == HttpStatusCode.OK;
    }
}
