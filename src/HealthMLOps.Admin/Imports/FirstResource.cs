using System.Text.Json;

namespace HealthMLOps.Imports;

/// <summary>Finds the <c>resourceType</c> of the first JSON object in a file, wherever in the object it stands, without holding the object.</summary>
public static class FirstResource
{
    public const int FirstBytes = 64 * 1024;

    /// <summary>A single JSON string longer than this makes the type unknown.</summary>
    public const int BytesMax = 64 * 1024 * 1024;

    /// <returns>The type; null where the file begins with no FHIR resource.</returns>
    public static string? TypeIn(Stream text)
    {
        var buffer = new byte[FirstBytes];
        var state = new JsonReaderState(new JsonReaderOptions { CommentHandling = JsonCommentHandling.Disallow });
        var filled = 0;
        try
        {
            for (var started = false; ; started = true)
            {
                var read = text.ReadAtLeast(buffer.AsSpan(filled), 1, throwOnEndOfStream: false);
                if (read == 0) return null;
                filled += read;
                var mark = !started && buffer.AsSpan(0, filled).StartsWith(ChunkCutter.ByteOrderMark) ? ChunkCutter.ByteOrderMark.Length : 0;
                var (type, ended, used) = Scan(buffer.AsSpan(mark, filled - mark), ref state);
                if (ended) return type;
                filled -= mark + used;
                buffer.AsSpan(mark + used, filled).CopyTo(buffer);
                if (filled < buffer.Length) continue;
                if (buffer.Length >= BytesMax) return null;
                Array.Resize(ref buffer, buffer.Length * 2);
            }
        }
        catch (Exception failure) when (failure is JsonException or InvalidDataException or InvalidOperationException)
        {
            return null;    // Not JSON, not gzip, or no text where the type should be: the server will say so for its lines.
        }
    }

    private static (string? Type, bool Ended, int Used) Scan(ReadOnlySpan<byte> bytes, ref JsonReaderState state)
    {
        var reader = new Utf8JsonReader(bytes, isFinalBlock: false, state);
        var (before, usedBefore) = (state, 0);
        while (reader.Read())
        {
            if (reader.CurrentDepth == 0 && reader.TokenType != JsonTokenType.StartObject) return (null, true, 0);
            if (reader is { CurrentDepth: 1, TokenType: JsonTokenType.PropertyName } && reader.ValueTextEquals("resourceType"u8))
            {
                if (!reader.Read()) break;      // The value comes with the next bytes: read the name again then.
                return (reader.TokenType == JsonTokenType.String ? reader.GetString() : null, true, 0);
            }
            (before, usedBefore) = (reader.CurrentState, (int)reader.BytesConsumed);
        }
        state = before;
        return (null, false, usedBefore);
    }
}
