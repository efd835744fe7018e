using System.IO.Compression;

namespace HealthMLOps.Simulation.History;

/// <summary>A folder with one NDJSON file a resource type, as a Bulk export leaves it.</summary>
internal sealed class NdjsonFolder(DirectoryInfo folder, Packing packing) : IDisposable
{
    private readonly SortedDictionary<string, Stream> _files = new(StringComparer.Ordinal);
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);

    public IReadOnlyDictionary<string, long> Counts => _counts;

    public void Append(PatientPages pages)
    {
        foreach (var (type, lines, count) in pages.Pages)
        {
            if (!_files.TryGetValue(type, out var file)) _files[type] = file = Open(type);
            file.Write(lines.Span);
            _counts[type] = _counts.GetValueOrDefault(type) + count;
        }
    }

    public void Dispose()
    {
        foreach (var file in _files.Values) file.Dispose();
    }

    private Stream Open(string type)
    {
        folder.Create();
        var path = Path.Combine(folder.FullName, type + ".ndjson" + (packing == Packing.Gzip ? ".gz" : ""));
        var file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, 1 << 17);
        return packing == Packing.Gzip ? new GZipStream(file, CompressionLevel.Fastest) : file;
    }
}
