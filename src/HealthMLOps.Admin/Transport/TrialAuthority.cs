using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HealthMLOps.Hosting;

namespace HealthMLOps.Transport;

/// <summary>A certificate authority in two files, for a trial: ECDSA P-256, no revocation list. A hospital's own authority takes its place.</summary>
public static class TrialAuthority
{
    public const string CertificateFile = "ca.pem";
    public const string KeyFile = "ca.key";

    /// <summary>The role that silos demand of each other, as a subject alternative name.</summary>
    public const string SiloRole = "urn:healthml:silo";

    private const int SerialBytes = 16;
    private static readonly OidCollection BothUses = [new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")];
    private static readonly OidCollection ServerUse = [new Oid("1.3.6.1.5.5.7.3.1")];

    /// <summary>Makes the authority. An existing one is never overwritten.</summary>
    public static X509Certificate2 Make(string folder, DateTimeOffset now, int days)
    {
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=HealthMLOps trial authority", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: true, hasPathLengthConstraint: true, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign | X509KeyUsageFlags.CrlSign, critical: true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, critical: false));
        using var made = request.CreateSelfSigned(now.AddMinutes(-5), now.AddDays(days));
        WriteKey(Path.Combine(folder, KeyFile), key);
        return Written(Path.Combine(folder, CertificateFile), made);
    }

    /// <summary>Certifies a silo among silos, or a server for https.</summary>
    /// <param name="authority">Folder of the authority.</param>
    /// <param name="name">Name of the files, and the common name.</param>
    /// <param name="hosts">Names and addresses by which clients reach it.</param>
    /// <param name="use">A silo bears the role that silos demand.</param>
    /// <param name="folder">Where the files go.</param>
    /// <param name="now">From when it is good.</param>
    /// <param name="days">For how long; never longer than the authority.</param>
    public static X509Certificate2 Certify(string authority, string name, IEnumerable<string> hosts, CertificateUse use, string folder, DateTimeOffset now, int days)
    {
        using var issuer = Open(authority);
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var subject = new X500DistinguishedNameBuilder();
        subject.AddCommonName(name);
        var request = new CertificateRequest(subject.Build(), key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(certificateAuthority: false, hasPathLengthConstraint: false, pathLengthConstraint: 0, critical: true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.DigitalSignature, critical: true));
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension(use == CertificateUse.Silo ? BothUses : ServerUse, critical: false));
        request.CertificateExtensions.Add(X509AuthorityKeyIdentifierExtension.CreateFromCertificate(issuer, includeKeyIdentifier: true, includeIssuerAndSerial: false));
        var names = new SubjectAlternativeNameBuilder();
        if (use == CertificateUse.Silo) names.AddUri(new Uri(SiloRole));
        foreach (var host in hosts)
        {
            if (IPAddress.TryParse(host, out var address)) names.AddIpAddress(address);
            else names.AddDnsName(host);
        }
        request.CertificateExtensions.Add(names.Build());
        var until = now.AddDays(days) is var asked && asked < issuer.NotAfter ? asked : issuer.NotAfter;
        Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        using var made = request.Create(issuer, now.AddMinutes(-5), until, RandomNumberGenerator.GetBytes(SerialBytes));
        WriteKey(Path.Combine(folder, name + ".key"), key);
        return Written(Path.Combine(folder, name + ".pem"), made);
    }

    private static X509Certificate2 Open(string folder)
    {
        var (certificate, key) = (Path.Combine(folder, CertificateFile), Path.Combine(folder, KeyFile));
        try { return X509Certificate2.CreateFromPemFile(certificate, key); }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CommandFailed(ExitCode.Usage, $"'{folder}' holds no authority ({CertificateFile} and {KeyFile}): {failure.Message} 'healthml certificates authority' makes one.");
        }
    }

    private static void WriteKey(string file, ECDsa key) => Write(file, key.ExportPkcs8PrivateKeyPem(), UnixFileMode.UserRead | UnixFileMode.UserWrite);

    private static X509Certificate2 Written(string file, X509Certificate2 made)
    {
        Write(file, made.ExportCertificatePem(), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        return X509CertificateLoader.LoadCertificate(made.RawData);
    }

    private static void Write(string file, string text, UnixFileMode mode)
    {
        try
        {
            using var stream = new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = mode });
            using var writer = new StreamWriter(stream);
            writer.WriteLine(text);
        }
        catch (IOException) when (File.Exists(file))
        {
            throw new CommandFailed(ExitCode.Refused, $"'{file}' is there already; name another folder or move it away.");
        }
    }
}

/// <summary>What a certificate is for.</summary>
public enum CertificateUse
{
    /// <summary>A silo towards other silos.</summary>
    Silo,
    /// <summary>https addresses.</summary>
    Server,
}
