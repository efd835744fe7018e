using System.Text.Json;

namespace HealthMLOps.Audit;

/// <summary>The first line of an exported record: which log, which entries, and what the tree was before them.</summary>
/// <param name="Origin">The log's name.</param>
/// <param name="From">The first entry's leaf; 0 for a whole record, else the size of an earlier checkpoint.</param>
/// <param name="To">The leaf behind the last entry.</param>
/// <param name="Peaks">Complete subtrees over the entries before <paramref name="From"/>.</param>
public sealed record ExportHeader(string Origin, long From, long To, IReadOnlyList<byte[]> Peaks)
{
    public const int FormatVersion = 1;

    public byte[] ToLine() => ExportLine.Object(json =>
    {
        json.WriteNumber("auditExport", FormatVersion);
        json.WriteString("origin", Origin);
        json.WriteNumber("from", From);
        json.WriteNumber("to", To);
        json.WriteString("before", string.Join(' ', Peaks.Select(Convert.ToHexStringLower)));
    });

    /// <summary>Reads a header; null where the line is not exactly one.</summary>
    public static ExportHeader? Parse(ReadOnlySpan<byte> line)
    {
        try
        {
            var reader = new Utf8JsonReader(line);
            using var document = JsonDocument.ParseValue(ref reader);
            var root = document.RootElement;
            var before = root.GetProperty("before").GetString()!;
            var read = new ExportHeader(root.GetProperty("origin").GetString()!, root.GetProperty("from").GetInt64(), root.GetProperty("to").GetInt64(),
                before.Length == 0 ? [] : [.. before.Split(' ').Select(Convert.FromHexString)]);
            return read.ToLine().AsSpan().SequenceEqual(line) ? read : null;
        }
        catch (Exception malformed) when (malformed is JsonException or KeyNotFoundException or InvalidOperationException or FormatException or NullReferenceException)
        {
            return null;
        }
    }
}
