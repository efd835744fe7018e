namespace HealthMLOps.Storage;

/// <summary>The one process that may use a data folder. The kernel releases it when the process ends, however it ends.</summary>
public sealed class EmbeddedLock : IDisposable
{
    public const string FileName = "lock";

    private readonly FileStream _file;

    private EmbeddedLock(FileStream file) => _file = file;

    /// <exception cref="StorageUnusable">Another live process holds the folder.</exception>
    public static EmbeddedLock Take(string folder)
    {
        Directory.CreateDirectory(folder);
        try
        {
            return new EmbeddedLock(new FileStream(Path.Combine(folder, FileName), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException held) when (held is not (FileNotFoundException or DirectoryNotFoundException))
        {
            throw new StorageUnusable($"The data folder '{Path.GetFullPath(folder)}' is in use by another process. Stop it, or give this one another --data folder.", held);
        }
    }

    /// <summary>Releases the folder. The file stays: deleting it would let two processes lock two files of one name.</summary>
    public void Dispose() => _file.Dispose();
}
