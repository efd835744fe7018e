using System.Collections.Concurrent;
using System.Text.Json;

namespace HealthMLOps.Demo;

/// <summary>What the demo knows of its simulated hospital: how far it has come, and which patients the EHR has sent.</summary>
public sealed class DemoHospital(string recordFile)
{
    private readonly ConcurrentDictionary<string, byte> _patients = new(StringComparer.Ordinal);
    private long _readTo;

    /// <summary>The simulator's last progress line.</summary>
    public SimulatorProgress? Progress { get; private set; }

    /// <summary>EHR ids of the patients that were sent and acknowledged.</summary>
    public IReadOnlyCollection<string> Patients => [.. _patients.Keys];

    public void Hear(string line)
    {
        if (!line.StartsWith('{')) return;
        try { Progress = JsonSerializer.Deserialize<SimulatorProgress>(line, JsonSerializerOptions.Web); }
        catch (JsonException) { Progress = null; } // Its final summary has another shape.
    }

    /// <summary>Reads what the EHR has recorded since the last look.</summary>
    public void LookAtRecord()
    {
        if (!File.Exists(recordFile)) return;
        using var file = new FileStream(recordFile, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        file.Seek(_readTo, SeekOrigin.Begin);
        using var reader = new StreamReader(file);
        while (reader.ReadLine() is { } line)
        {
            if (!line.EndsWith('}')) break; // Half written; the next look reads it whole.
            _readTo += System.Text.Encoding.UTF8.GetByteCount(line) + 1;
            if (line.Contains("\"type\":\"Patient\"", StringComparison.Ordinal))
            {
                using var version = JsonDocument.Parse(line);
                _patients.TryAdd(version.RootElement.GetProperty("id").GetString()!, 0);
            }
        }
    }
}

/// <param name="Sim">The simulated time.</param>
/// <param name="Sent">Events sent.</param>
/// <param name="Acked">Events acknowledged.</param>
/// <param name="Retried">Sent again.</param>
/// <param name="Failed">Refused for good.</param>
/// <param name="Patients">Patients in the house.</param>
public sealed record SimulatorProgress(string? Sim, long Sent, long Acked, long Retried, long Failed, long Patients);
