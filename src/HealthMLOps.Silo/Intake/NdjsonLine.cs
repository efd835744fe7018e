using System.Text.Json;

namespace HealthMLOps.Intake;

/// <summary>One line of an NDJSON file. Its document and bytes live only until the next line is read.</summary>
/// <param name="Number">From 1; blank lines count.</param>
/// <param name="Offset">Where the line begins, in bytes of the uncompressed text.</param>
/// <param name="NextOffset">Where the next line begins: the checkpoint once this one is committed.</param>
/// <param name="Utf8">The bytes as sent, for quarantine; empty where the line is longer than the limit.</param>
public sealed record NdjsonLine(long Number, long Offset, long NextOffset, ReadOnlyMemory<byte> Utf8, JsonDocument? Document, ReadResource.Refused? Refused)
{
    public override string ToString() => $"[line {Number}]";
}
