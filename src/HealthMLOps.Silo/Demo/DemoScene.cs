using System.Diagnostics;
using System.Globalization;
using HealthMLOps.Clinical;
using HealthMLOps.Hosting;

namespace HealthMLOps.Demo;

/// <summary>The scenes of the demo, each told on the terminal.</summary>
public sealed class DemoScene(string url, SiloSettings settings, Stopwatch watch) : IDisposable
{
    private const int ShownMax = 8;
    private static readonly TimeSpan FirstScorePatience = TimeSpan.FromMinutes(3);

    private readonly string _folder = Path.Combine(settings.DataFolder, "demo");
    private readonly string _ownerFile = Path.Combine(settings.DataFolder, Credentials.OwnerFile);
    private readonly DemoClient _client = new(url, File.ReadAllText(Path.Combine(settings.DataFolder, Credentials.OwnerFile)).Trim());
    private DemoHospital? _hospital;

    public void Say(string text) =>
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{watch.Elapsed.TotalSeconds,6:F1} s  {text}"));

    /// <summary>Makes the hospital's past with the simulator and imports it with the admin client.</summary>
    public async Task ImportHistory(int patients, int days, int seed, DateTimeOffset until, CancellationToken stop)
    {
        var history = Path.Combine(_folder, "history");
        Say($"simulating {days} days of a hospital with {patients} patients");
        await using (var simulator = ChildProgram.Start("simulator", "HealthMLOps.Simulator", _ => { },
            "history", "--out", history, "--patients", Text(patients), "--days", Text(days), "--seed", Text(seed), "--until", Text(until)))
            await simulator.Ended(stop);
        Say("importing its history as FHIR NDJSON");
        await Healthml(stop, "import", history, "--name", "demo-history");
        var status = await _client.Get("api/v1/status", stop);
        Say($"imported: {status["log"]!["resources"]} resources of {status["log"]!["patients"]} patients in the log");
    }

    /// <summary>Trains and registers a model on what is in the log.</summary>
    public async Task Train(string model, CancellationToken stop)
    {
        Say($"training {model} on point-in-time rows of that log");
        await Healthml(stop, "train", "--set", model, "--cohort", "ward-every-6h", "--label", "deterioration-24h",
            "--algorithm", "fasttree", "--folds", "3", "--model", model, "--register");
        var run = (await _client.Get("api/v1/runs", stop)).AsArray()[^1]!;
        var metrics = run["metrics"]!;
        Say(string.Create(CultureInfo.InvariantCulture,
            $"trained {run["registered"]}: {metrics["rows"]} rows, {metrics["positives"]} events, out-of-fold AUROC {(double)metrics["auroc"]!:F3} (95 % {(double)metrics["aurocLow"]!:F3} to {(double)metrics["aurocHigh"]!:F3}); nobody has validated it, and every answer says so"));
    }

    /// <summary>Begins the live stream of FHIR notifications.</summary>
    public ChildProgram Stream(int run, int beds, DateTimeOffset start, double rate)
    {
        Directory.CreateDirectory(_folder);
        var record = Path.Combine(_folder, $"sent-{run}.ndjson");
        _hospital = new DemoHospital(record);
        Say(string.Create(CultureInfo.InvariantCulture, $"streaming FHIR notifications from {beds} beds, {rate:F0} simulated seconds a second"));
        var source = new SourceName(settings.DefaultSource);
        return ChildProgram.Start("simulator", "HealthMLOps.Simulator", _hospital.Hear,
            "stream", "--to", url, "--source", source.Value, "--secret-file", Credentials.SourcePath(settings.DataFolder, source),
            "--seed", Text(100 + run), "--patients", Text(beds), "--start", Text(start), "--rate", Text(rate), "--mode", "mixed",
            "--backlog", "notify", "--concurrency", "4", "--record", record);
    }

    /// <summary>Waits until a streamed patient has a score, and shows it.</summary>
    public async Task FirstScore(string model, CancellationToken stop)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(stop);
        patience.CancelAfter(FirstScorePatience);
        while (true)
        {
            _hospital!.LookAtRecord();
            foreach (var patient in _hospital.Patients)
                if (await _client.Risk(patient, model, patience.Token) is { } risk && risk["score"] is not null)
                {
                    Say(string.Create(CultureInfo.InvariantCulture, $"first scored patient: {patient}, {model} risk {(double)risk["score"]!:P1}, band {risk["band"]}"));
                    return;
                }
            await Task.Delay(TimeSpan.FromMilliseconds(200), patience.Token);
        }
    }

    public async Task Watch(TimeSpan time, CancellationToken stop)
    {
        var until = watch.Elapsed + time;
        while (watch.Elapsed < until)
        {
            await Task.Delay(TimeSpan.FromSeconds(5), stop);
            var p = _hospital!.Progress;
            if (p is not null) Say($"ward time {p.Sim}: {p.Acked} events acknowledged, {p.Retried} sent again, {p.Patients} patients in the house");
        }
    }

    /// <summary>Shows the patients at highest risk and what to try next.</summary>
    public async Task Summary(string model, ClinicalClock clock, CancellationToken stop)
    {
        _hospital!.LookAtRecord();
        var scored = new List<(string Patient, double Score, string Band, string Why)>();
        var none = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var patient in _hospital.Patients)
        {
            var risk = await _client.Risk(patient, model, stop);
            if (risk?["score"] is { } score)
                scored.Add((patient, (double)score, risk["band"]!.ToString(), string.Join(", ", risk["contributions"]!.AsArray().Take(3).Select(c => c!["feature"]!.ToString()))));
            else if (risk?["noScore"] is { } reason) none[reason["reason"]!.ToString()] = none.GetValueOrDefault(reason["reason"]!.ToString()) + 1;
        }
        var status = await _client.Get("api/v1/status", stop);
        Console.WriteLine();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Ward time {clock.Now:yyyy-MM-dd HH:mm} UTC. Log: {status["log"]!["turns"]} turns, {status["log"]!["resources"]} resources, {status["log"]!["patients"]} patients."));
        Console.WriteLine($"Scored now: {scored.Count} patients. No score: {(none.Count == 0 ? "none" : string.Join(", ", none.Select(n => $"{n.Value} {n.Key}")))}.");
        Console.WriteLine();
        Console.WriteLine("patient                 risk   band      moved by");
        foreach (var (patient, score, band, why) in scored.OrderByDescending(s => s.Score).Take(ShownMax))
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{patient,-22} {score,6:P1}  {band,-8}  {why}"));
        var example = scored.Count > 0 ? scored.MaxBy(s => s.Score).Patient : _hospital.Patients.FirstOrDefault() ?? "ID";
        Console.WriteLine();
        Console.WriteLine("Try (the server goes on until Ctrl-C):");
        Console.WriteLine($"  TOKEN=$(cat {_ownerFile})");
        Console.WriteLine($"  curl -s -H \"Authorization: Bearer $TOKEN\" '{url}/api/v1/patients/{example}/risk?model={model}'");
        Console.WriteLine($"  curl -s -H \"Authorization: Bearer $TOKEN\" '{url}/api/v1/patients/{example}/features?set={model}'");
        Console.WriteLine($"  curl -s -H \"Authorization: Bearer $TOKEN\" '{url}/fhir/RiskAssessment?subject=Patient/{example}'");
        Console.WriteLine();
    }

    public void Dispose() => _client.Dispose();

    private async Task Healthml(CancellationToken stop, params string[] arguments)
    {
        await using var healthml = ChildProgram.Start("healthml", "healthml", _ => { },
            [.. arguments, "--server", url, "--credential-file", _ownerFile, "--output", "json"]);
        await healthml.Ended(stop);
    }

    private static string Text(IFormattable value) => value is DateTimeOffset time
        ? time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture) : value.ToString(null, CultureInfo.InvariantCulture);
}
