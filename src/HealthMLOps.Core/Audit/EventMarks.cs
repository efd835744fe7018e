using System.Text.Json;

namespace HealthMLOps.Audit;

/// <summary>What the verifier reads of an event: its place, what it follows from, and its time as written (which orders as text).</summary>
internal readonly record struct EventMarks(AuditPlace Place, string? Previous, string? At)
{
    /// <exception cref="JsonException">The bytes are no event.</exception>
    public static EventMarks Read(ReadOnlySpan<byte> canonicalEvent)
    {
        var reader = new Utf8JsonReader(canonicalEvent);
        var (writer, sequence) = (0L, 0L);
        string? previous = null, at = null;
        while (reader.Read())
        {
            if (reader.TokenType != JsonTokenType.PropertyName) continue;
            if (reader.ValueTextEquals("writer"u8)) writer = Number(ref reader);
            else if (reader.ValueTextEquals("sequence"u8)) sequence = Number(ref reader);
            else if (reader.ValueTextEquals("prev"u8)) previous = Text(ref reader);
            else if (reader.ValueTextEquals("at"u8)) at = Text(ref reader);
        }
        return writer > 0 && sequence > 0 && previous is not null && at is not null
            ? new EventMarks(new AuditPlace(writer, sequence), previous, at)
            : throw new JsonException("An event has 'writer', 'sequence', 'prev' and 'at'.");
    }

    private static long Number(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out var number) ? number : throw new JsonException("A whole number is expected.");

    private static string Text(ref Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.String ? reader.GetString() ?? "" : throw new JsonException("A text is expected.");
}
