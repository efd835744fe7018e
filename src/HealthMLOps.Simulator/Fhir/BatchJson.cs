using System.Buffers;
using System.Text.Json;
using HealthMLOps.Simulation.Sending;

namespace HealthMLOps.Simulation.Fhir;

/// <summary>A batch Bundle of PUTs, for many resources at once.</summary>
internal static class BatchJson
{
    public static ReadOnlyMemory<byte> Bundle(IReadOnlyList<ChartEvent> events)
    {
        var buffer = new ArrayBufferWriter<byte>(1200 * events.Count);
        using (var json = new Utf8JsonWriter(buffer, ResourceJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("resourceType"u8, "Bundle"u8);
            json.WriteString("type"u8, "batch"u8);
            json.WriteStartArray("entry"u8);
            foreach (var one in events)
            {
                json.WriteStartObject();
                json.WritePropertyName("resource"u8);
                json.WriteRawValue(one.Json, skipInputValidation: true);
                json.WriteStartObject("request"u8);
                json.WriteString("method"u8, "PUT"u8);
                json.WriteString("url"u8, $"{one.Entry.ResourceType}/{one.Entry.Id}");
                json.WriteEndObject();
                json.WriteEndObject();
            }
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }

    /// <summary>The status of each entry of a batch-response; null where the answer is no such Bundle of that size.</summary>
    public static int[]? Statuses(ReadOnlyMemory<byte> answer, int entries)
    {
        try
        {
            using var document = JsonDocument.Parse(answer);
            if (!document.RootElement.TryGetProperty("entry", out var list) || list.GetArrayLength() != entries) return null;
            return [.. list.EnumerateArray().Select(entry =>
                entry.TryGetProperty("response", out var response) && response.TryGetProperty("status", out var status)
                && status.GetString() is { Length: >= 3 } text && int.TryParse(text.AsSpan(0, 3), out var code) ? code : 500)];
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
