using HealthMLOps.Hosting;

namespace HealthMLOps.Audit;

/// <summary>A file of public keys, and files of checkpoints, as auditors keep them.</summary>
internal static class KeyFile
{
    /// <exception cref="CommandFailed">The file holds no key, or something else.</exception>
    public static IReadOnlyList<AuditKey> Read(string file)
    {
        try
        {
            return AuditKey.ReadAll(File.ReadAllText(file)) is { Count: > 0 } keys ? keys : throw new CommandFailed(ExitCode.Usage, $"'{file}' holds no public key.");
        }
        catch (FormatException wrong) { throw new CommandFailed(ExitCode.Usage, $"'{file}': {wrong.Message}"); }
    }

    /// <exception cref="CommandFailed">The file holds something that is no checkpoint.</exception>
    public static IReadOnlyList<SignedCheckpoint> Checkpoints(string file)
    {
        try { return SignedCheckpoint.ReadAll(File.ReadAllText(file)); }
        catch (FormatException wrong) { throw new CommandFailed(ExitCode.Mismatch, $"'{file}': {wrong.Message}"); }
    }
}
