using System.Globalization;
using HealthMLOps.Transport;

namespace HealthMLOps.Hosting;

/// <summary>Everything a silo is told at start: from the command line, else from <c>HEALTHML_…</c> in the environment, else the default.</summary>
public sealed record SiloSettings
{
    public required SiloCommand Command { get; init; }

    /// <summary>Addresses that Kestrel listens on, separated by semicolons.</summary>
    public string Urls { get; init; } = "http://localhost:8080";

    /// <summary>Folder of the embedded database, keys and credentials.</summary>
    public string DataFolder { get; init; } = "./data";

    /// <summary>Folder of the clinical policy files (sources, features, codes, …).</summary>
    public string? ConfigFolder { get; init; }

    /// <summary>Npgsql connection string; null = embedded SQLite in <see cref="DataFolder"/>.</summary>
    public string? PostgresConnection { get; init; }

    /// <summary>Serves registered versions that nobody has validated; every answer says so.</summary>
    public bool Unvalidated { get; init; }

    /// <summary>The EHR that a patient id belongs to when a request names no source.</summary>
    public string DefaultSource { get; init; } = "general-hospital";

    /// <summary>Orleans silo port on this machine; 0 = a free one.</summary>
    public int SiloPort { get; init; }

    /// <summary>Address that other silos reach this one at; only with PostgreSQL.</summary>
    public string? AdvertisedAddress { get; init; }

    /// <summary>How long a silo waits for another's sign of life; after three silences in a row it is declared dead. Only with PostgreSQL.</summary>
    /// <remarks>Shorter moves patients sooner off a dead silo, and risks declaring a busy one dead, which then stops.</remarks>
    public TimeSpan ProbeTimeout { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>For how long this silo may serve by its copy of the plan; a halt waits at most a tenth longer for a silo that hangs.</summary>
    public TimeSpan PlanLease { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Folder in a second trust domain that keeps the record's signed checkpoints; null = none, and a rewritten record would not show.</summary>
    public string? AuditWitness { get; init; }

    /// <summary>The address by which clients know this system, such as <c>https://risk.hospital.example/</c>; null = the first one it listens on.</summary>
    public string? PublicUrl { get; init; }

    /// <summary>Certificates, and what is allowed without them.</summary>
    public TransportSettings Transport { get; init; } = new();

    /// <summary>Whether <c>/metrics</c> answers to other machines too.</summary>
    public bool PublicMetrics { get; init; }

    /// <summary>Simulated seconds per second of the demo's clinical clock.</summary>
    public double DemoRate { get; init; } = 240;

    /// <summary>The demo ends by itself after its summary, instead of leaving the server running.</summary>
    public bool DemoOnce { get; init; }

    /// <summary>The silo port of a cluster: the same after each restart, so that membership knows at once that the former process is gone.</summary>
    public const int ClusterPort = 11111;

    /// <exception cref="ArgumentException">An argument is unknown, or its value is not allowed.</exception>
    public static SiloSettings Read(IReadOnlyList<string> arguments, Func<string, string?> environment)
    {
        var options = Options(arguments.Skip(1));
        string? Value(string name) => options.TryGetValue(name, out var given) ? given : environment("HEALTHML_" + name.ToUpperInvariant().Replace('-', '_'));
        var settings = new SiloSettings
        {
            Command = arguments.Count == 0 ? throw Usage() : arguments[0] switch
            {
                "serve" => SiloCommand.Serve,
                "demo" => SiloCommand.Demo,
                _ => throw Usage(),
            },
        };
        return settings with
        {
            Urls = Value("urls") ?? environment("ASPNETCORE_URLS") ?? settings.Urls,
            DataFolder = Path.GetFullPath(Value("data") ?? settings.DataFolder),
            ConfigFolder = Value("config"),
            PostgresConnection = Value("postgres") is { Length: > 0 } connection ? connection : null,
            Unvalidated = Flag("unvalidated", Value("unvalidated")),
            DefaultSource = Value("default-source") ?? settings.DefaultSource,
            SiloPort = Number("silo-port", Value("silo-port"), 0, 65535, Value("postgres") is { Length: > 0 } ? ClusterPort : 0),
            AdvertisedAddress = Value("advertised-address"),
            ProbeTimeout = TimeSpan.FromMilliseconds(Number("probe-timeout-ms", Value("probe-timeout-ms"), 100, 60_000, 5_000)),
            PlanLease = TimeSpan.FromMilliseconds(Number("plan-lease-ms", Value("plan-lease-ms"), 200, 60_000, 5_000)),
            AuditWitness = Value("audit-witness") is { Length: > 0 } witness ? Path.GetFullPath(witness) : null,
            PublicUrl = Address(Value("public-url")),
            Transport = TransportSettings.Read(Value, name => Flag(name, Value(name))),
            PublicMetrics = Flag("public-metrics", Value("public-metrics")),
            DemoRate = Number("demo-rate", Value("demo-rate"), 1, 3600, 240),
            DemoOnce = Flag("once", Value("once")),
        };
    }

    private static readonly string[] Known =
        ["urls", "data", "config", "postgres", "unvalidated", "default-source", "silo-port", "advertised-address", "probe-timeout-ms", "plan-lease-ms", "audit-witness", "public-url", "public-metrics", "demo-rate", "once", .. TransportSettings.Names];

    private static Dictionary<string, string> Options(IEnumerable<string> arguments)
    {
        var options = new Dictionary<string, string>(StringComparer.Ordinal);
        string? open = null;
        foreach (var argument in arguments)
        {
            if (!argument.StartsWith("--", StringComparison.Ordinal))
            {
                options[open ?? throw new ArgumentException($"Unexpected argument '{argument}'.")] = argument;
                open = null;
                continue;
            }
            var name = argument[2..];
            var equals = name.IndexOf('=', StringComparison.Ordinal);
            open = equals < 0 ? name : name[..equals];
            if (!Known.Contains(open)) throw new ArgumentException($"Unknown option '--{open}'; known: {string.Join(", ", Known.Select(k => "--" + k))}.");
            options[open] = equals < 0 ? "true" : name[(equals + 1)..];
        }
        return options;
    }

    private static string? Address(string? value) => value is null || (Uri.TryCreate(value, UriKind.Absolute, out var address) && address is { Scheme: "http" or "https", Query: "", Fragment: "" })
        ? value : throw new ArgumentException($"--public-url is an http or https address; got '{value}'.");

    private static bool Flag(string name, string? value) => value?.ToUpperInvariant() switch
    {
        null or "" or "FALSE" or "0" => false,
        "TRUE" or "1" => true,
        _ => throw new ArgumentException($"--{name} is true or false; got '{value}'."),
    };

    private static int Number(string name, string? value, int least, int most, int otherwise) =>
        value is null ? otherwise
        : int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number >= least && number <= most ? number
        : throw new ArgumentException($"--{name} is a whole number from {least} to {most}; got '{value}'.");

    private static ArgumentException Usage() => new("Say what to do: 'serve' (an empty production silo) or 'demo' (a synthetic hospital, end to end).");
}

public enum SiloCommand { Serve, Demo }
