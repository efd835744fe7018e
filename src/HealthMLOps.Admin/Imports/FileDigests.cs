using System.Security.Cryptography;

namespace HealthMLOps.Imports;

/// <summary>The SHA-256 of each file as it lies on disk, by which a resumed import is recognised.</summary>
public static class FileDigests
{
    public static async Task<IReadOnlyList<string>> Of(IReadOnlyList<SourceFile> files, Action<long> readBytes, CancellationToken stop)
    {
        var digests = new List<string>(files.Count);
        foreach (var file in files)
        {
            await using var raw = file.OpenRaw();
            digests.Add(Convert.ToHexStringLower(await SHA256.HashDataAsync(raw, stop)));
            readBytes(file.Bytes);
        }
        return digests;
    }
}
