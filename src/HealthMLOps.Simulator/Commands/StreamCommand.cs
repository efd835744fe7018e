using System.CommandLine;
using System.Diagnostics;
using HealthMLOps.Simulation.Sending;

namespace HealthMLOps.Simulation.Commands;

/// <summary><c>stream</c>: live wards against a running silo.</summary>
internal static class StreamCommand
{
    private const int IncompleteExit = 2;

    private static readonly Option<Uri?> To = new("--to") { Description = "The runtime's base address, such as http://localhost:8080.", Required = true, CustomParser = Arguments.Address };
    private static readonly Option<string> Source = new("--source") { Description = "The source's name in the runtime.", DefaultValueFactory = _ => "general-hospital" };
    private static readonly Option<FileInfo> Secret = new Option<FileInfo>("--secret-file") { Description = "File with the bearer token.", Required = true }.AcceptExistingOnly();
    private static readonly Option<ulong> Seed = new("--seed") { Description = "Same seed and options, same patients.", DefaultValueFactory = _ => 1UL };
    private static readonly Option<int> Patients = new("--patients") { Description = "Occupied beds.", CustomParser = Arguments.Whole(1, 20_000), DefaultValueFactory = _ => 50 };
    private static readonly Option<DateTimeOffset> Start = new("--start") { Description = "The simulated instant at which the stream begins.", Required = true, CustomParser = Arguments.Instant };
    private static readonly Option<DateTimeOffset?> Until = new("--until") { Description = "The simulated instant at which it ends, all delivered.", CustomParser = argument => Arguments.Instant(argument) };
    private static readonly Option<double> Rate = new("--rate") { Description = "Simulated seconds per second; 0 = as fast as the receiver takes it.", CustomParser = Arguments.NotNegative, DefaultValueFactory = _ => 60 };
    private static readonly Option<TimeSpan?> Duration = new("--duration") { Description = "Wall time after which it ends (90s, 15m, 6h).", CustomParser = Arguments.Span };
    private static readonly Option<int> Concurrency = new("--concurrency") { Description = "Requests in flight.", CustomParser = Arguments.Whole(1, 512), DefaultValueFactory = _ => 8 };
    private static readonly Option<SendMode> Mode = new("--mode") { Description = "Topic-based notifications, classic rest-hook PUTs, or mixed.", DefaultValueFactory = _ => SendMode.Topic };
    private static readonly Option<BacklogWay?> Backlog = new("--backlog")
    {
        Description = "How earlier data are sent first: batch (POST {to}/fhir), notify or none. Default: batch for general-hospital, else notify.",
    };
    private static readonly Option<long?> RequestsMax = new("--max-requests") { Description = "End after this many requests, retries included." };
    private static readonly Option<TimeSpan?> Heartbeat = new("--heartbeat") { Description = "Quiet wall time before a heartbeat. Default 30s.", CustomParser = Arguments.Span };
    private static readonly Option<FileInfo?> Record = new("--record") { Description = "Write each acknowledged version here as NDJSON; unacknowledged ones to FILE.unacknowledged." };
    private static readonly Option<TimeSpan?> DriftAt = new("--drift-at") { Description = "Simulated time after --start at which --drift begins (6h, 2d).", CustomParser = Arguments.Span };
    private static readonly Option<string?> DriftName = new Option<string?>("--drift") { Description = "unit-mixup: Fahrenheit labelled Celsius. sensor-shift: heart rate + 15." }
        .AcceptOnlyFromAmong("unit-mixup", "sensor-shift");

    public static Command Create()
    {
        var command = new Command("stream", "Run the wards live and send what they chart, as an EHR does.")
        {
            To, Source, Secret, Seed, Patients, Start, Until, Rate, Duration, Concurrency, Mode, Backlog, RequestsMax, Heartbeat, Record, DriftAt, DriftName,
        };
        command.SetAction(Run);
        return command;
    }

    private static async Task<int> Run(ParseResult parsed, CancellationToken stop)
    {
        var options = Options(parsed);
        if (options.Secret.Length == 0) return Complain("The secret file is empty.");
        if (parsed.GetValue(DriftName) is null != parsed.GetValue(DriftAt) is null) return Complain("--drift and --drift-at go together.");
        using var stream = new LiveStream(options, Console.Out);
        await stream.Run(stop);
        return stream.Tally.Failed == 0 && stream.Tally.Acked == stream.Tally.Sent ? 0 : IncompleteExit;
    }

    private static int Complain(string message)
    {
        Console.Error.WriteLine(message);
        return 1;
    }

    private static StreamOptions Options(ParseResult parsed)
    {
        var start = parsed.GetValue(Start);
        var source = parsed.GetRequiredValue(Source);
        return new StreamOptions
        {
            To = parsed.GetValue(To) ?? throw new UnreachableException(), Source = source, Secret = File.ReadAllText(parsed.GetRequiredValue(Secret).FullName).Trim(),
            Seed = parsed.GetValue(Seed), Patients = parsed.GetValue(Patients), Start = start, Until = parsed.GetValue(Until), Rate = parsed.GetValue(Rate),
            Duration = parsed.GetValue(Duration), Concurrency = parsed.GetValue(Concurrency), Mode = parsed.GetValue(Mode),
            Backlog = parsed.GetValue(Backlog) ?? (source == "general-hospital" ? BacklogWay.Batch : BacklogWay.Notify),
            RequestsMax = parsed.GetValue(RequestsMax), HeartbeatPeriod = parsed.GetValue(Heartbeat) ?? TimeSpan.FromSeconds(30), Record = parsed.GetValue(Record),
            Drift = parsed.GetValue(DriftName) is { } drift && parsed.GetValue(DriftAt) is { } after
                ? new Drift(drift == "unit-mixup" ? DriftKind.UnitMixup : DriftKind.SensorShift, start + after)
                : null,
        };
    }
}
