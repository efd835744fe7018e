namespace HealthMLOps.Tests.Shared;

/// <summary>Looks for bytes in the files of a folder, as somebody would who has the disk and not the keys.</summary>
public static class RawFiles
{
    /// <summary>The files that hold one of these byte strings.</summary>
    public static IReadOnlyList<string> With(string folder, params byte[][] needles)
    {
        var found = new List<string>();
        // The lock file is held and empty.
        foreach (var file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f) != "lock"))
        {
            using var stream = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            using var copy = new MemoryStream();
            stream.CopyTo(copy);
            var bytes = copy.GetBuffer().AsSpan(0, (int)copy.Length);
            foreach (var needle in needles)
                if (bytes.IndexOf(needle) >= 0)
                {
                    found.Add(file);
                    break;
                }
        }
        return found;
    }
}
