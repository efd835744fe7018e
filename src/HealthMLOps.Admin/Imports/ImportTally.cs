using System.Text.Json;
using HealthMLOps.Hosting;

namespace HealthMLOps.Imports;

/// <summary>What has been acknowledged in this run, counted from several requests at once.</summary>
public sealed class ImportTally
{
    private long _resources;
    private long _bytes;

    public long Resources => Interlocked.Read(ref _resources);

    /// <summary>Bytes on disk of what is done, also what was done before this run.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    public void Acknowledged(JsonElement answer, long bytesOnDisk)
    {
        Interlocked.Add(ref _resources, answer.Count("read"));
        Interlocked.Add(ref _bytes, bytesOnDisk);
    }

    public void DoneBefore(long bytesOnDisk) => Interlocked.Add(ref _bytes, bytesOnDisk);
}
