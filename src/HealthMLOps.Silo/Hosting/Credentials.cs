using System.Security.Cryptography;
using System.Text;
using HealthMLOps.Clinical;

namespace HealthMLOps.Hosting;

/// <summary>Who may knock: the owner of an embedded silo, and each source's sender.</summary>
/// <remarks>Only SHA-256 digests are held in memory; comparison takes the same time whatever is presented.</remarks>
public sealed class Credentials
{
    public const string OwnerFile = "owner-credential";
    public const string SourceFolder = "source-secrets";

    private readonly byte[] _owner;
    private readonly Dictionary<SourceName, byte[][]> _sources;

    private Credentials(byte[] owner, Dictionary<SourceName, byte[][]> sources) => (_owner, _sources) = (owner, sources);

    /// <summary>Reads the credential files under a data folder, making those that are missing. A source's file may hold several secrets, one a line, while they rotate.</summary>
    public static Credentials Read(string dataFolder, IEnumerable<SourceName> sources)
    {
        var owner = SecretFiles.ReadOrCreate(Path.Combine(dataFolder, OwnerFile), () => SecretFiles.NewSecret("hmo_"));
        return new Credentials(Digest(owner), sources.ToDictionary(s => s, s =>
            SecretFiles.ReadOrCreate(SourcePath(dataFolder, s), () => SecretFiles.NewSecret("hms_"))
                .Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Select(Digest).ToArray()));
    }

    public static string SourcePath(string dataFolder, SourceName source) => Path.Combine(dataFolder, SourceFolder, source.Value);

    public bool IsOwner(string presented) => CryptographicOperations.FixedTimeEquals(Digest(presented), _owner);

    /// <summary>The source whose secret was presented, or null.</summary>
    public SourceName? SourceOf(string presented)
    {
        var digest = Digest(presented);
        SourceName? found = null;
        foreach (var (source, secrets) in _sources)
            foreach (var secret in secrets)
                if (CryptographicOperations.FixedTimeEquals(digest, secret)) found = source;
        return found;
    }

    private static byte[] Digest(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
