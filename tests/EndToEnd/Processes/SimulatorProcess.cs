using System.Globalization;
using System.Text.Json;

namespace HealthMLOps.Tests.EndToEnd.Processes;

/// <summary>The simulated hospital: live wards that send, or a past that is written to files.</summary>
public sealed class SimulatorProcess : IAsyncDisposable
{
    private readonly ChildProcess _process;

    private SimulatorProcess(ChildProcess process, string record) => (_process, Record) = (process, record);

    /// <summary>The file of acknowledged versions.</summary>
    public string Record { get; }

    public bool HasEnded => _process.HasEnded;

    public string Said => _process.Said + _process.Complained;

    /// <summary>Versions acknowledged so far, by its last progress line.</summary>
    public long Acknowledged
    {
        get
        {
            if (_process.LastLine is not { } line || !line.StartsWith('{')) return 0;
            using var progress = JsonDocument.Parse(line);
            return progress.RootElement.GetProperty("acked").GetInt64();
        }
    }

    /// <summary>Sends as fast as the receiver takes it; the last stays begin now, so that scores are fresh.</summary>
    public static SimulatorProcess Stream(SiloProcess silo, int patients, TimeSpan past, int seed)
    {
        var until = DateTimeOffset.UtcNow;
        var record = Path.Combine(silo.Site.Folder, $"acknowledged-{seed}.ndjson");
        return new SimulatorProcess(ChildProcess.Start("HealthMLOps.Simulator",
        [
            "stream", "--to", silo.Address.OriginalString, "--secret-file", silo.Site.OwnerCredentialFile, "--seed", Text(seed),
            "--patients", Text(patients), "--start", Instant(until - past), "--until", Instant(until), "--rate", "0", "--mode", "Mixed", "--record", record,
        ]), record);
    }

    public static async Task History(string folder, int patients, int days, int seed)
    {
        await using var process = ChildProcess.Start("HealthMLOps.Simulator",
            ["history", "--out", folder, "--patients", Text(patients), "--days", Text(days), "--until", "2026-10-01T00:00:00Z", "--seed", Text(seed)]);
        if (await process.Ended() != 0) throw new InvalidOperationException(process.Complained);
    }

    public Task<int> Ended() => _process.Ended();

    public ValueTask DisposeAsync() => _process.DisposeAsync();

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);

    private static string Instant(DateTimeOffset instant) => instant.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
