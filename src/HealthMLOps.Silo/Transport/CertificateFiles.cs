using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using HealthMLOps.Clinical;
using HealthMLOps.Hosting;

namespace HealthMLOps.Transport;

/// <summary>A certificate with its key, from PEM files that may be replaced while they are used.</summary>
/// <remarks>The files are looked at for each handshake. A pair that can't be used (half replaced, expired, of two keys) leaves the former one in place.</remarks>
public sealed partial class CertificateFiles
{
    private readonly string _certificate;
    private readonly string _key;
    private readonly TimeProvider _clock;
    private readonly ILogger<CertificateFiles> _logger;
    private volatile Pair _pair;
    private volatile string? _told;

    /// <param name="certificate">PEM: the certificate, then its intermediates.</param>
    /// <param name="key">PEM: its key, unencrypted, readable by its owner alone.</param>
    /// <param name="clock">Says what has expired.</param>
    /// <param name="logger">Told of exchanges.</param>
    /// <exception cref="InvalidConfiguration">A file is missing, readable by others, expired, or not what it should be.</exception>
    public CertificateFiles(string certificate, string key, TimeProvider clock, ILogger<CertificateFiles> logger)
    {
        (_certificate, _key, _clock, _logger) = (certificate, key, clock, logger);
        _pair = Load(former: null);
    }

    /// <summary>What the files hold now; while that can't be used, what they held before.</summary>
    public SslStreamCertificateContext Current()
    {
        var former = _pair;
        try
        {
            var now = Load(former);
            if (now == former) return former.Context;
            (_pair, _told) = (now, null);
            Exchanged(_certificate, now.Context.TargetCertificate.NotAfter);
            return now.Context;
        }
        catch (InvalidConfiguration unusable)
        {
            if (unusable.Message != _told) KeptFormer(unusable.Message);
            _told = unusable.Message;
            return former.Context;
        }
    }

    private Pair Load(Pair? former)
    {
        var (certificate, key) = (Pem.Read(_certificate), SecretFiles.ReadOwnersOnly(_key));
        var digest = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(certificate + '\0' + key)));
        return digest == former?.Digest ? former : new Pair(digest, Context(certificate, key));
    }

    private SslStreamCertificateContext Context(string certificate, string key)
    {
        var chain = Pem.Certificates(_certificate, certificate);
        var now = _clock.GetUtcNow();
        if (now < chain[0].NotBefore.ToUniversalTime() || now >= chain[0].NotAfter.ToUniversalTime())
            throw new InvalidConfiguration($"The certificate in '{_certificate}' is good from {chain[0].NotBefore.ToUniversalTime():u} to {chain[0].NotAfter.ToUniversalTime():u}; it is {now:u}.");
        try
        {
            // Not disposed when it is exchanged: a handshake may still use it.
            return SslStreamCertificateContext.Create(X509Certificate2.CreateFromPem(certificate, key), [.. chain.Skip(1)], offline: true);
        }
        catch (Exception wrong) when (wrong is CryptographicException or ArgumentException)
        {
            throw new InvalidConfiguration($"'{_key}' does not hold the unencrypted PEM key of the certificate in '{_certificate}'.");
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Took over the certificate in {File}, good until {NotAfter}")]
    private partial void Exchanged(string file, DateTime notAfter);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Kept the former certificate: {Reason}")]
    private partial void KeptFormer(string reason);

    private sealed record Pair(string Digest, SslStreamCertificateContext Context);
}
