using System.Buffers;
using System.IO.Hashing;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace HealthMLOps.Intake;

/// <summary>A 64-bit hash of what a resource says: its JSON tokens without <c>meta</c>, whatever the white space and escapes.</summary>
internal static class ContentHash
{
    public static ulong Of(JsonElement resource)
    {
        var raw = JsonMarshal.GetRawUtf8Value(resource);
        // A token is at least as long in the text as here: its kind replaces a quote, comma or bracket, plus one for a lone number.
        var buffer = ArrayPool<byte>.Shared.Rent(2 * raw.Length + 16);
        try
        {
            return XxHash3.HashToUInt64(buffer.AsSpan(0, Tokens(raw, buffer)));
        }
        finally { ArrayPool<byte>.Shared.Return(buffer, clearArray: true); }
    }

    private static int Tokens(ReadOnlySpan<byte> raw, byte[] buffer)
    {
        var at = 0;
        var reader = new Utf8JsonReader(raw, new JsonReaderOptions { MaxDepth = StrictJson.DepthMax });
        while (reader.Read())
        {
            if (reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 } && reader.ValueTextEquals("meta"u8))
            {
                reader.Skip();
                continue;
            }
            buffer[at++] = (byte)reader.TokenType;
            if (reader.ValueIsEscaped) at += reader.CopyString(buffer.AsSpan(at));
            else if (reader.TokenType is JsonTokenType.PropertyName or JsonTokenType.String or JsonTokenType.Number)
            {
                reader.ValueSpan.CopyTo(buffer.AsSpan(at));
                at += reader.ValueSpan.Length;
            }
        }
        return at;
    }
}
