using System.Buffers;
using System.Text;
using System.Text.Json;

namespace HealthMLOps.Audit;

/// <summary>Lines of an exported record (NDJSON). Each has one spelling only, so that no bit of the file is free.</summary>
/// <remarks><c>{"leaf":17,"hash":"…","event":{…}}</c>, <c>{"leaf":17,"hash":"…","hidden":"3-17"}</c>, <c>{"checkpoint":"…"}</c>; the header is <see cref="ExportHeader"/>.</remarks>
public static class ExportLine
{
    /// <summary>An entry with its event's canonical bytes.</summary>
    public static byte[] Of(long leaf, byte[] digest, ReadOnlySpan<byte> canonicalEvent) => [.. Head(leaf, digest), .. EventMark, .. canonicalEvent, (byte)'}'];

    /// <summary>An entry that retention has hidden: its digest stays.</summary>
    public static byte[] Hidden(long leaf, byte[] digest, AuditPlace place) => [.. Head(leaf, digest), .. HiddenMark, .. Encoding.UTF8.GetBytes($"{place}\"}}")];

    /// <summary>An entry that the store has lost. No verifier takes it for anything else.</summary>
    public static byte[] Gone(long leaf, byte[] digest) => [.. Head(leaf, digest), .. "\"gone\":true}"u8];

    public static byte[] Of(SignedCheckpoint checkpoint) => Object(json => json.WriteString("checkpoint", checkpoint.Note));

    internal static byte[] Object(Action<Utf8JsonWriter> members)
    {
        var bytes = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            members(json);
            json.WriteEndObject();
        }
        return bytes.WrittenSpan.ToArray();
    }

    internal static ReadOnlySpan<byte> EventMark => "\"event\":"u8;

    internal static ReadOnlySpan<byte> HiddenMark => "\"hidden\":\""u8;

    internal static ReadOnlySpan<byte> LeafMark => "{\"leaf\":"u8;

    internal static ReadOnlySpan<byte> CheckpointMark => "{\"checkpoint\":"u8;

    /// <summary><c>{"leaf":17,"hash":"…",</c></summary>
    internal static byte[] Head(long leaf, byte[] digest) => Encoding.UTF8.GetBytes($"{{\"leaf\":{leaf},\"hash\":\"{Convert.ToHexStringLower(digest)}\",");
}
