using System.Buffers;
using System.Collections.Concurrent;
using System.Globalization;
using System.Text.Json;
using HealthMLOps.Simulation.Fhir;

namespace HealthMLOps.Simulation.Sending;

/// <summary>What was sent, and what of it was acknowledged: the EHR's truth, to compare a runtime with.</summary>
/// <remarks>Acknowledged versions go to the file as NDJSON, in order of acknowledgement; at the end, those that were sent in
/// vain go to the same name + ".unacknowledged".</remarks>
internal sealed class TruthRecord(FileInfo? file, Tally tally) : IDisposable
{
    private readonly ConcurrentDictionary<ChartEvent, byte> _open = new();
    private readonly Lock _gate = new();
    private readonly FileStream? _acknowledged = file is null ? null : new(file.FullName, FileMode.Create, FileAccess.Write, FileShare.Read);

    public void Sending(IReadOnlyList<ChartEvent> events)
    {
        foreach (var one in events)
            if (one.Send() && _open.TryAdd(one, 0)) tally.CountSent();
    }

    public void Acknowledged(ChartEvent one)
    {
        _open.TryRemove(one, out _);
        if (!one.Settle()) return;
        tally.CountAcked();
        if (_acknowledged is null) return;
        var line = Line(one);
        lock (_gate) _acknowledged.Write(line.Span);
    }

    /// <summary>The receiver refused the event for good.</summary>
    public void Refused(ChartEvent one)
    {
        if (one.Settle()) tally.CountFailed();
    }

    public void Flush()
    {
        lock (_gate) _acknowledged?.Flush();
    }

    public void Dispose()
    {
        _acknowledged?.Dispose();
        if (file is null) return;
        using var unacknowledged = new FileStream(file.FullName + ".unacknowledged", FileMode.Create, FileAccess.Write);
        foreach (var one in _open.Keys.OrderBy(one => one.Entry.Id, StringComparer.Ordinal).ThenBy(one => one.Entry.Version)) unacknowledged.Write(Line(one).Span);
    }

    private static ReadOnlyMemory<byte> Line(ChartEvent one)
    {
        var buffer = new ArrayBufferWriter<byte>(one.Json.Length + 200);
        using (var json = new Utf8JsonWriter(buffer, ResourceJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("type"u8, one.Entry.ResourceType);
            json.WriteString("id"u8, one.Entry.Id);
            json.WriteString("versionId"u8, one.Entry.Version.ToString(CultureInfo.InvariantCulture));
            json.WriteInstant("lastUpdated", one.Entry.LastUpdated);
            json.WritePropertyName("resource"u8);
            json.WriteRawValue(one.Json, skipInputValidation: true);
            json.WriteEndObject();
        }
        buffer.Write("\n"u8);
        return buffer.WrittenMemory;
    }
}
