using System.Security.Cryptography;
using System.Text;
using HealthMLOps.Clinical;

namespace HealthMLOps.Hosting;

/// <summary>Secrets that live as files readable by their owner alone (mode 0600).</summary>
public static class SecretFiles
{
    private const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite;

    /// <summary>Reads the file, or makes it with what <paramref name="create"/> gives. Two starts at once agree on one content.</summary>
    public static string ReadOrCreate(string path, Func<string> create)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!, OwnerOnly | UnixFileMode.UserExecute);
        if (!File.Exists(path))
        {
            var draft = $"{path}.{Guid.NewGuid():N}";
            using (var file = new FileStream(draft, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
            {
                file.Write(Encoding.UTF8.GetBytes(create()));
                file.Flush(flushToDisk: true);
            }
            try { File.Move(draft, path, overwrite: false); }
            catch (IOException) when (File.Exists(path)) { File.Delete(draft); }
        }
        return File.ReadAllText(path).Trim();
    }

    /// <summary>Reads a secret that somebody else has put there.</summary>
    /// <exception cref="InvalidConfiguration">There is no such file, or others than its owner may read or change it.</exception>
    public static string ReadOwnersOnly(string path)
    {
        try
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if ((File.GetUnixFileMode(file.SafeFileHandle) & ~(OwnerOnly | UnixFileMode.UserExecute)) is var others && others != UnixFileMode.None)
                throw new InvalidConfiguration($"The secret file '{path}' is open to others ({others}); its mode must be 0600 or 0400.");
            using var reader = new StreamReader(file, Encoding.UTF8);
            return reader.ReadToEnd();
        }
        catch (Exception absent) when (absent is IOException or UnauthorizedAccessException)
        {
            throw new InvalidConfiguration($"The secret file '{path}' can't be read: {absent.Message}");
        }
    }

    /// <summary>Puts another content in the file's place, at once and durably.</summary>
    public static void Replace(string path, string content)
    {
        var draft = $"{path}.{Guid.NewGuid():N}";
        using (var file = new FileStream(draft, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = OwnerOnly }))
        {
            file.Write(Encoding.UTF8.GetBytes(content));
            file.Flush(flushToDisk: true);
        }
        File.Move(draft, path, overwrite: true);
    }

    /// <summary>A new secret of 256 random bits with a prefix that tells what it opens; letters, digits, '-' and '_' only.</summary>
    public static string NewSecret(string prefix) =>
        prefix + Convert.ToBase64String(RandomNumberGenerator.GetBytes(32)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
