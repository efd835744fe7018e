using System.Globalization;

namespace HealthMLOps.Tests.EndToEnd.Processes;

/// <summary>A wall clock of a process's own, apart from the machine's; its monotonic clock stays true, as on real machines.</summary>
/// <remarks>Debian's libfaketime stands before the C library and reads the difference from a file once a second, so that it can jump while the process runs.</remarks>
public sealed class WallClock : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public WallClock(TimeSpan ahead) => Set(ahead);

    /// <summary>What the process is started with.</summary>
    public IReadOnlyDictionary<string, string> Environment => new Dictionary<string, string>
    {
        ["LD_PRELOAD"] = Library(), ["FAKETIME_TIMESTAMP_FILE"] = _file, ["FAKETIME_CACHE_DURATION"] = "1",
        ["FAKETIME_DONT_FAKE_MONOTONIC"] = "1", ["FAKETIME_FORCE_MONOTONIC_FIX"] = "0", // The second: or every timed wait of .NET returns at once.
        ["NO_FAKE_STAT"] = "1",
    };

    /// <summary>Sets the clock this far before the machine's; negative is behind. The process sees it within about a second.</summary>
    public void Set(TimeSpan ahead)
    {
        // One rename: a reader never finds a half-written file.
        var next = _file + ".next";
        File.WriteAllText(next, ahead.TotalSeconds.ToString("+0;-0", CultureInfo.InvariantCulture) + "\n");
        File.Move(next, _file, overwrite: true);
    }

    public void Dispose() => File.Delete(_file);

    private static string Library() =>
        Directory.EnumerateDirectories("/usr/lib").Select(d => Path.Combine(d, "faketime", "libfaketimeMT.so.1")).FirstOrDefault(File.Exists)
        ?? throw new InvalidOperationException("libfaketime is not installed (Debian package libfaketime; tests/run installs it).");
}
