using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using HealthMLOps.Hosting;

namespace HealthMLOps.Transport;

/// <summary>Authorities that an operator names; the server's certificate must come from one of them, be valid and bear the server's name.</summary>
public sealed class TrustedAuthority
{
    private readonly X509Certificate2Collection _authorities;

    private TrustedAuthority(X509Certificate2Collection authorities) => _authorities = authorities;

    /// <exception cref="CommandFailed">The file can't be read or holds no certificate.</exception>
    public static TrustedAuthority Read(string file)
    {
        var found = new X509Certificate2Collection();
        try { found.ImportFromPemFile(file); }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new CommandFailed(ExitCode.Usage, $"The authority's certificate '{file}' can't be read: {failure.Message}");
        }
        return found.Count > 0 ? new TrustedAuthority(found) : throw new CommandFailed(ExitCode.Usage, $"'{file}' holds no certificate; it must be a PEM file with 'BEGIN CERTIFICATE'.");
    }

    public X509ChainPolicy Policy()
    {
        var policy = new X509ChainPolicy { TrustMode = X509ChainTrustMode.CustomRootTrust, RevocationMode = X509RevocationMode.NoCheck, DisableCertificateDownloads = true };
        policy.CustomTrustStore.AddRange(_authorities);
        return policy;
    }
}
