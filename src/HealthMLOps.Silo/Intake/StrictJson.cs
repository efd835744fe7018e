using System.Text.Json;
using System.Text.Unicode;

namespace HealthMLOps.Intake;

/// <summary>JSON at the door: strict UTF-8, no duplicate names, no half surrogates, bounded depth and size.</summary>
public static class StrictJson
{
    public const int DepthMax = 64;
    public const int ResourceBytesMax = 4 << 20;

    private static readonly JsonDocumentOptions Options = new() { MaxDepth = DepthMax, AllowDuplicateProperties = false };

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Parses one JSON object. The bytes must live as long as the document.</summary>
    /// <returns>The document, or the reason without any of the text.</returns>
    public static (JsonDocument? Document, ReadResource.Refused? Refused) Parse(ReadOnlyMemory<byte> utf8, int bytesMax = ResourceBytesMax)
    {
        if (utf8.Length > bytesMax)
            return (null, new(RefusalCodes.TooLarge, "", $"The body has {utf8.Length} bytes; at most {bytesMax} are read."));
        if (utf8.Span.StartsWith(ByteOrderMark)) utf8 = utf8[3..];
        if (!Utf8.IsValid(utf8.Span)) return (null, Malformed("The text is not valid UTF-8."));
        try
        {
            if (utf8.Span.IndexOf("\\u"u8) >= 0) RefuseHalfSurrogates(utf8.Span);
            var document = JsonDocument.Parse(utf8, Options);
            if (document.RootElement.ValueKind == JsonValueKind.Object) return (document, null);
            document.Dispose();
            return (null, Malformed("Expected a JSON object."));
        }
        catch (JsonException e)
        {
            // The parser's own message quotes names and values, so it stays behind.
            return (null, Malformed($"The JSON is broken, repeats a name or is deeper than {DepthMax}, at line {e.LineNumber + 1 ?? 0}, byte {e.BytePositionInLine ?? 0}."));
        }
        catch (InvalidOperationException)
        {
            return (null, Malformed("A string holds half of a surrogate pair."));
        }
    }

    /// <summary>Reads every escaped string once, because a document finds a half surrogate only when it is asked for that string.</summary>
    private static void RefuseHalfSurrogates(ReadOnlySpan<byte> utf8)
    {
        var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = DepthMax });
        while (reader.Read())
            if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped) _ = reader.GetString();
    }

    private static ReadResource.Refused Malformed(string reason) => new(RefusalCodes.Malformed, "", reason);
}
