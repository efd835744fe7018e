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

    private const string OwnerPrefix = "hmo_";

    private readonly string _dataFolder;
    private volatile byte[] _owner;
    private readonly Dictionary<SourceName, byte[][]> _sources;

    private Credentials(string dataFolder, byte[] owner, Dictionary<SourceName, byte[][]> sources) => (_dataFolder, _owner, _sources) = (dataFolder, owner, sources);

    /// <summary>Reads the credential files under a data folder, making those that are missing. A source's file may hold several secrets, one a line, while they rotate.</summary>
    /// <param name="dataFolder">The silo's data folder.</param>
    /// <param name="sources">The enabled sources, with the references (<c>env:NAME</c>, <c>file:PATH</c>) to further secrets that each names.</param>
    /// <param name="environment">Reads an environment variable.</param>
    public static Credentials Read(string dataFolder, IReadOnlyDictionary<SourceName, IEnumerable<string>> sources, Func<string, string?> environment)
    {
        var owner = SecretFiles.ReadOrCreate(Path.Combine(dataFolder, OwnerFile), NewOwnerSecret);
        return new Credentials(dataFolder, Digest(owner), sources.ToDictionary(s => s.Key, s =>
            s.Value.Select(reference => Resolve(reference, environment)).OfType<string>()
                .Prepend(SecretFiles.ReadOrCreate(SourcePath(dataFolder, s.Key), () => SecretFiles.NewSecret("hms_")))
                .SelectMany(text => text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)).Select(Digest).ToArray()));
    }

    public static string SourcePath(string dataFolder, SourceName source) => Path.Combine(dataFolder, SourceFolder, source.Value);

    public bool IsOwner(string presented) => CryptographicOperations.FixedTimeEquals(Digest(presented), _owner);

    public static string NewOwnerSecret() => SecretFiles.NewSecret(OwnerPrefix);

    /// <summary>Puts a new secret into the owner's file. From then on the former one opens nothing here.</summary>
    public void ReplaceOwner(string secret)
    {
        SecretFiles.Replace(Path.Combine(_dataFolder, OwnerFile), secret);
        _owner = Digest(secret);
    }

    /// <summary>SHA-256 of each secret that a source's files hold, lower-case hexadecimal.</summary>
    public IEnumerable<string> DigestsOf(SourceName source) => _sources.TryGetValue(source, out var secrets) ? secrets.Select(Convert.ToHexStringLower) : [];

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

    private static string? Resolve(string reference, Func<string, string?> environment) =>
        reference.StartsWith("env:", StringComparison.Ordinal) ? environment(reference[4..])
        : reference.StartsWith("file:", StringComparison.Ordinal) && File.Exists(reference[5..]) ? File.ReadAllText(reference[5..])
        : null;

    private static byte[] Digest(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
