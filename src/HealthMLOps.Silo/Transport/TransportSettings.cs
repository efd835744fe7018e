namespace HealthMLOps.Transport;

/// <summary>How traffic is protected: certificates as files, and what the operator allows without them.</summary>
public sealed record TransportSettings
{
    public static readonly string[] Names =
        ["tls-certificate", "tls-key", "tls-proxy", "cluster-certificate", "cluster-key", "cluster-ca", "cluster-plain", "postgres-plain"];

    /// <summary>PEM file: the certificate of the https addresses, then its intermediates.</summary>
    public string? TlsCertificate { get; init; }

    /// <summary>PEM file of its key, readable by its owner alone.</summary>
    public string? TlsKey { get; init; }

    /// <summary>A proxy in front of this silo speaks TLS, so that plain http may be listened for on other addresses than this machine's own.</summary>
    public bool TlsProxy { get; init; }

    /// <summary>PEM file: this silo's certificate among the silos, with the role <see cref="ClusterTrust.Role"/>.</summary>
    public string? ClusterCertificate { get; init; }

    public string? ClusterKey { get; init; }

    /// <summary>PEM file of the authorities that certify silos; two while one replaces the other.</summary>
    public string? ClusterCa { get; init; }

    /// <summary>The network between the silos is encrypted otherwise, so that they may speak without TLS.</summary>
    public bool ClusterPlain { get; init; }

    /// <summary>The way to the database is encrypted otherwise, so that PostgreSQL may be spoken to without TLS or with a certificate that nobody checks.</summary>
    public bool PostgresPlain { get; init; }

    public bool HasWebTls => TlsCertificate is not null;

    public bool HasClusterTls => ClusterCertificate is not null;

    /// <param name="text">Reads a setting; null = not given.</param>
    /// <param name="flag">Reads a setting that is true or false.</param>
    /// <exception cref="ArgumentException">Files that belong together are not all named.</exception>
    public static TransportSettings Read(Func<string, string?> text, Func<string, bool> flag)
    {
        string? File(string name) => text(name) is { Length: > 0 } path ? Path.GetFullPath(path) : null;
        Together(text, "tls-certificate", "tls-key");
        Together(text, "cluster-certificate", "cluster-key", "cluster-ca");
        return new TransportSettings
        {
            TlsCertificate = File("tls-certificate"), TlsKey = File("tls-key"), TlsProxy = flag("tls-proxy"),
            ClusterCertificate = File("cluster-certificate"), ClusterKey = File("cluster-key"), ClusterCa = File("cluster-ca"), ClusterPlain = flag("cluster-plain"),
            PostgresPlain = flag("postgres-plain"),
        };
    }

    private static void Together(Func<string, string?> text, params string[] names)
    {
        var missing = names.Where(name => text(name) is not { Length: > 0 }).ToList();
        if (missing.Count > 0 && missing.Count < names.Length)
            throw new ArgumentException($"{string.Join(", ", names.Select(n => "--" + n))} belong together; missing: {string.Join(", ", missing.Select(n => "--" + n))}.");
    }
}
