using System.Text.Json;

namespace HealthMLOps.Intake;

/// <summary>Cuts a chunk of an import into entries: NDJSON lines, or one document that is a bundle or a single resource.</summary>
public sealed class ImportReader
{
    public const int ChunkBytesMax = 32 << 20;

    /// <summary>One resource a line; a broken line is refused by itself.</summary>
    public ReadEntries Lines(ReadOnlyMemory<byte> chunk)
    {
        var entries = new List<IngestEntry>();
        var documents = new List<JsonDocument>();
        while (!chunk.IsEmpty)
        {
            var end = chunk.Span.IndexOf((byte)'\n');
            var line = end < 0 ? chunk : chunk[..end];
            chunk = end < 0 ? default : chunk[(end + 1)..];
            if (!line.Span.ContainsAnyExcept(" \t\r"u8)) continue;
            var (document, refused) = StrictJson.Parse(line);
            if (document is null) entries.Add(new IngestEntry { Problem = refused, Form = QuarantinedForm.Document, Raw = line });
            else if (EntriesOf.IsBundle(document.RootElement)) entries.AddRange(EntriesOf.Bundle(document.RootElement).Entries);
            else entries.Add(new IngestEntry { Resource = document.RootElement });
            if (document is not null) documents.Add(document);
        }
        return new ReadEntries(entries, documents);
    }

    /// <summary>A whole JSON document.</summary>
    public ReadEntries Document(ReadOnlyMemory<byte> chunk)
    {
        var (document, refused) = StrictJson.Parse(chunk, ChunkBytesMax);
        if (document is null) return new ReadEntries([new IngestEntry { Problem = refused, Form = QuarantinedForm.Document, Raw = chunk }], []);
        return EntriesOf.IsBundle(document.RootElement)
            ? new ReadEntries(EntriesOf.Bundle(document.RootElement).Entries, [document])
            : new ReadEntries([new IngestEntry { Resource = document.RootElement }], [document]);
    }
}

/// <summary>Entries and the documents that they point into, held together until they are dealt with.</summary>
public sealed class ReadEntries(IReadOnlyList<IngestEntry> entries, IReadOnlyList<JsonDocument> documents) : IDisposable
{
    public IReadOnlyList<IngestEntry> Entries => entries;

    public void Dispose()
    {
        foreach (var document in documents) document.Dispose();
    }
}
