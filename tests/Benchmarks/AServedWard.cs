using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;

namespace HealthMLOps.Tests.Benchmarks;

/// <summary>A silo with patients and a model that it trained on them: what clients send it and ask it.</summary>
internal sealed class AServedWard : IDisposable
{
    public const string Model = "deterioration";

    private const int InPatients = 200;
    private const int PastStays = 120;

    private static int _sent;

    private readonly HttpClient _owner;
    private readonly HttpClient _sender;
    private readonly DateTimeOffset _now;

    private AServedWard(ASilo silo, DateTimeOffset now) => (_owner, _sender, _now) = (silo.Owner(), silo.Sender(), now);

    /// <summary>Takes the ward in and trains; says in the report what failed.</summary>
    public static async Task<AServedWard> Open(ASilo silo, Report report)
    {
        var ward = new AServedWard(silo, DateTimeOffset.UtcNow);
        var failed = await silo.Import(PastLines(ward._now)) + await silo.Import(OpenLines(ward._now));
        report.Require(failed == 0, "the ward was not taken in");
        report.Require(await Train(ward._owner), "no model was trained and registered");
        return ward;
    }

    /// <summary>A notification that was never sent before.</summary>
    public byte[] Fresh()
    {
        var number = Interlocked.Increment(ref _sent);
        return AWard.Notification($"i{number % InPatients}", 1_000 + number, _now.AddSeconds(-(number % 3600)));
    }

    public Task<bool> Notify() => Post(_sender, $"/fhir/notify/{AWard.Source}", Fresh());

    public Task<bool> AskRisk(int number) => Get(_owner, RiskOf(number % InPatients));

    /// <summary>A notified patient's risk as it is answered.</summary>
    public Task<string> Risk() => _owner.GetStringAsync(new Uri(RiskOf(1), UriKind.Relative));

    public void Dispose()
    {
        _owner.Dispose();
        _sender.Dispose();
    }

    public static async Task<bool> Post(HttpClient client, string path, byte[] body)
    {
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/fhir+json") } };
        using var answer = await client.PostAsync(new Uri(path, UriKind.Relative), content);
        return answer.StatusCode == HttpStatusCode.OK;
    }

    public static async Task<bool> Get(HttpClient client, string path)
    {
        using var answer = await client.GetAsync(new Uri(path, UriKind.Relative));
        return answer.StatusCode == HttpStatusCode.OK;
    }

    private static string RiskOf(int patient) => $"/api/v1/patients/i{patient}/risk?model={Model}";

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
}
