using System.Globalization;
using System.Text;

namespace HealthMLOps.Audit;

/// <summary>A second place for signed checkpoints, outside the reach of whoever holds the database and the key. Files there only grow.</summary>
/// <remarks>A log alone lets the key's holder tell another story later; a checkpoint that somebody else keeps does not.</remarks>
/// <param name="folder">Where, or null where none is configured.</param>
public sealed class AuditWitness(string? folder)
{
    private const string Suffix = ".checkpoints";

    public bool IsConfigured => folder is not null;

    /// <summary>All checkpoints that it keeps.</summary>
    /// <exception cref="RecordBroken">A file there is damaged.</exception>
    public IReadOnlyList<SignedCheckpoint> Read()
    {
        if (folder is null || !Directory.Exists(folder)) return [];
        var all = new List<SignedCheckpoint>();
        foreach (var file in Directory.EnumerateFiles(folder, "*" + Suffix).Order(StringComparer.Ordinal))
        {
            try { all.AddRange(SignedCheckpoint.ReadAll(File.ReadAllText(file))); }
            catch (FormatException damaged) { throw new RecordBroken($"The witness file '{file}' is damaged: {damaged.Message}"); }
        }
        return all;
    }

    /// <summary>Adds a checkpoint; on the disk when it returns.</summary>
    public void Keep(SignedCheckpoint signed)
    {
        if (folder is null) return;
        Directory.CreateDirectory(folder);
        var month = signed.Checkpoint.At.ToString("yyyy-MM", CultureInfo.InvariantCulture);
        using var file = new FileStream(Path.Combine(folder, $"{signed.Checkpoint.Origin.Replace('/', '-')}-{month}{Suffix}"), FileMode.Append, FileAccess.Write);
        file.Write(Encoding.UTF8.GetBytes(signed.Note));
        file.Flush(flushToDisk: true);
    }
}
