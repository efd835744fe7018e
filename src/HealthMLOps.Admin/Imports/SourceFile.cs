using System.IO.Compression;

namespace HealthMLOps.Imports;

/// <summary>One file to load.</summary>
/// <param name="Path">Where it is on this machine.</param>
/// <param name="Name">How the server knows it: its path below the given folder, with '/'.</param>
/// <param name="Bytes">Its size on disk.</param>
public sealed record SourceFile(string Path, string Name, long Bytes, FileForm Form, ImportClass Class)
{
    private const int ReadAheadBytes = 256 * 1024;

    /// <summary>The file as it lies on disk.</summary>
    public FileStream OpenRaw() => new(Path, FileMode.Open, FileAccess.Read, FileShare.Read, ReadAheadBytes, FileOptions.SequentialScan);

    /// <summary>The file's text: unpacked where it is packed.</summary>
    public Stream OpenText() => Unpacked(OpenRaw());

    public Stream Unpacked(FileStream raw) => Form == FileForm.PackedLines ? new GZipStream(raw, CompressionMode.Decompress) : raw;
}
