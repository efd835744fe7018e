using System.Security.Cryptography;
using System.Text;

namespace HealthMLOps.Privacy;

/// <summary>Encrypts payloads before they touch a disk (quarantined resources, packages, states of control grains): under the key ring, each for its context.</summary>
/// <remarks>Layout: format byte 2, then what the ring made of it. Format 1, under the root key itself, is still opened.</remarks>
public sealed class PayloadSeal(byte[] rootKey, KeyRing ring)
{
    private const byte OfRoot = 1;
    private const byte OfRing = 2;

    private readonly byte[] _fingerprintKey = HKDF.DeriveKey(HashAlgorithmName.SHA256, rootKey, 32, [], Encoding.UTF8.GetBytes("healthml/payload-fingerprint/1"));
    private readonly RootSeal _root = new(rootKey);

    /// <summary>A keyed digest: tells that two payloads are the same, and nothing about either.</summary>
    public byte[] Fingerprint(ReadOnlySpan<byte> payload) => HMACSHA256.HashData(_fingerprintKey, payload);

    /// <param name="payload">What to encrypt.</param>
    /// <param name="context">What it belongs to; opening under another context fails.</param>
    public byte[] Seal(ReadOnlySpan<byte> payload, string context) => [OfRing, .. ring.Protect(payload.ToArray(), context)];

    /// <exception cref="CryptographicException">The bytes were changed, or belong to another context or key.</exception>
    public byte[] Open(ReadOnlySpan<byte> sealedPayload, string context) => sealedPayload switch
    {
        [OfRoot, ..] => _root.Open(sealedPayload, context),
        [OfRing, .. var rest] => ring.Unprotect(rest.ToArray(), context),
        _ => throw new CryptographicException("Not a sealed payload."),
    };
}
