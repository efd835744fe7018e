using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HealthMLOps.Tests.Shared;

/// <summary>A certificate authority of a test, whose files lie in a folder.</summary>
public sealed class ACertificateAuthority : IDisposable
{
    public const string SiloRole = "urn:healthml:silo";

    private readonly X509Certificate2 _own;
    private readonly string _folder;

    public ACertificateAuthority(string folder, string name)
    {
        _folder = folder;
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509SubjectKeyIdentifierExtension(request.PublicKey, false));
        _own = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-20), DateTimeOffset.UtcNow.AddDays(20));
        File = Path.Combine(folder, name + "-ca.pem");
        System.IO.File.WriteAllText(File, _own.ExportCertificatePem());
    }

    /// <summary>PEM file of its own certificate.</summary>
    public string File { get; }

    public X509Certificate2 Own => _own;

    /// <summary>A certificate and key with a role or none, as files in the authority's folder; an earlier pair of that name is replaced.</summary>
    /// <param name="name">Of the files.</param>
    /// <param name="role">URI among its names; null = none.</param>
    /// <param name="daysFromNow">When it ends; negative = it has.</param>
    public (string Certificate, string Key) Issue(string name, string? role = SiloRole, int daysFromNow = 10)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=" + name, key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1"), new Oid("1.3.6.1.5.5.7.3.2")], false));
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(IPAddress.Loopback);
        if (role is not null) names.AddUri(new Uri(role));
        request.CertificateExtensions.Add(names.Build());
        using var made = request.Create(_own, DateTimeOffset.UtcNow.AddDays(-15), DateTimeOffset.UtcNow.AddDays(daysFromNow), RandomNumberGenerator.GetBytes(8));
        var (certificate, secret) = (Path.Combine(_folder, name + ".pem"), Path.Combine(_folder, name + ".key"));
        Replace(certificate, made.ExportCertificatePem());
        Replace(secret, key.ExportPkcs8PrivateKeyPem());
        return (certificate, secret);
    }

    public void Dispose() => _own.Dispose();

    private static void Replace(string file, string text)
    {
        System.IO.File.Delete(file);
        using var stream = new FileStream(file, new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write, UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite });
        using var writer = new StreamWriter(stream);
        writer.WriteLine(text);
    }
}
