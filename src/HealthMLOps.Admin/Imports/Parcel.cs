using System.Net.Http.Headers;

namespace HealthMLOps.Imports;

/// <summary>One request of an import: a chunk of lines, or a whole document where there is no chunk.</summary>
/// <param name="FileIndex">The file's place in the import.</param>
/// <param name="BytesOnDisk">How far the file was read for it.</param>
public sealed record Parcel(SourceFile File, int FileIndex, Chunk? Chunk, long BytesOnDisk) : IDisposable
{
    public int Number => Chunk?.Number ?? 0;
    public long FirstLine => Chunk?.FirstLine ?? 1;

    /// <summary>The request's body, made anew for each try.</summary>
    public HttpContent Body()
    {
        HttpContent body = Chunk is { } lines
            ? new ByteArrayContent(lines.Text.Array ?? [], lines.Text.Offset, lines.Text.Count)
            : new StreamContent(File.OpenRaw());
        body.Headers.ContentType = new MediaTypeHeaderValue(Chunk is null ? "application/fhir+json" : "application/fhir+ndjson");
        return body;
    }

    public void Dispose() => Chunk?.Dispose();
}
