using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace HealthMLOps.Transport;

/// <summary>Who is a silo of this cluster: a certificate of the cluster's own authority that names the role.</summary>
/// <remarks>
/// No public authority counts and no host name matters: silos find each other by address in the membership table, and the role
/// keeps certificates that the same authority gives to other programs out. There is no revocation list; a silo is shut out by
/// replacing the authority, or by short lives of certificates.
/// </remarks>
public sealed class ClusterTrust
{
    /// <summary>Subject alternative name (URI) of a silo's certificate.</summary>
    public const string Role = "urn:healthml:silo";

    private const string AlternativeNames = "2.5.29.17";
    private static readonly Asn1Tag UriName = new(TagClass.ContextSpecific, 6);
    private static readonly Oid ServerUse = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientUse = new("1.3.6.1.5.5.7.3.2");

    private readonly string _file;
    private volatile Authorities _authorities;

    /// <param name="file">PEM file of authorities; looked at for each handshake.</param>
    public ClusterTrust(string file)
    {
        _file = file;
        _authorities = Read(former: null);
    }

    /// <summary>Why the peer is no silo of this cluster; null = it is one.</summary>
    /// <param name="peer">What it presented; null = nothing.</param>
    /// <param name="sent">Intermediates that it sent along.</param>
    /// <param name="accepts">Whether the peer is the side that was connected to.</param>
    public string? Refusal(X509Certificate2? peer, X509Certificate2Collection? sent, PeerSide accepts)
    {
        if (peer is null) return "it presented no certificate";
        using var chain = new X509Chain();
        var policy = chain.ChainPolicy;
        policy.TrustMode = X509ChainTrustMode.CustomRootTrust;
        policy.CustomTrustStore.AddRange(Current());
        if (sent is not null) policy.ExtraStore.AddRange(sent);
        policy.RevocationMode = X509RevocationMode.NoCheck;
        policy.DisableCertificateDownloads = true;
        policy.ApplicationPolicy.Add(accepts == PeerSide.Accepting ? ServerUse : ClientUse);
        if (!chain.Build(peer)) return $"its certificate is not one of this cluster's authority ({string.Join(", ", chain.ChainStatus.Select(s => s.Status).Distinct())})";
        return HasRole(peer) ? null : $"its certificate does not name the role {Role}";
    }

    private X509Certificate2Collection Current()
    {
        try { _authorities = Read(_authorities); }
        catch (Clinical.InvalidConfiguration) { /* A file that is being replaced: the former authorities stand until it is whole. */ }
        return _authorities.All;
    }

    private Authorities Read(Authorities? former)
    {
        var text = Pem.Read(_file);
        return text == former?.Text ? former : new Authorities(text, [.. Pem.Certificates(_file, text)]);
    }

    private static bool HasRole(X509Certificate2 peer)
    {
        foreach (var extension in peer.Extensions.Where(e => e.Oid?.Value == AlternativeNames))
        {
            try
            {
                var names = new AsnReader(extension.RawData, AsnEncodingRules.DER).ReadSequence();
                while (names.HasData)
                {
                    if (!names.PeekTag().HasSameClassAndValue(UriName)) names.ReadEncodedValue();
                    else if (names.ReadCharacterString(UniversalTagNumber.IA5String, UriName) == Role) return true;
                }
            }
            catch (AsnContentException) { return false; }
        }
        return false;
    }

    private sealed record Authorities(string Text, X509Certificate2Collection All);
}

/// <summary>Which side of a connection somebody is.</summary>
public enum PeerSide
{
    Accepting,
    Calling,
}
