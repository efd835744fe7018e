using System.Security.Cryptography;
using System.Text;

namespace HealthMLOps.Privacy;

/// <summary>Encrypts under a key that is derived from the root key: AES-256-GCM, a fresh nonce each.</summary>
/// <remarks>Layout: format byte, 12 bytes of nonce, 16 bytes of tag, ciphertext.</remarks>
public sealed class RootSeal(byte[] rootKey)
{
    private const byte Format = 1;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int HeadBytes = 1 + NonceBytes + TagBytes;

    private readonly byte[] _key = HKDF.DeriveKey(HashAlgorithmName.SHA256, rootKey, 32, [], Encoding.UTF8.GetBytes("healthml/payload/1"));

    /// <param name="payload">What to encrypt.</param>
    /// <param name="context">What it belongs to; opening under another context fails.</param>
    public byte[] Seal(ReadOnlySpan<byte> payload, string context)
    {
        var output = new byte[HeadBytes + payload.Length];
        output[0] = Format;
        RandomNumberGenerator.Fill(output.AsSpan(1, NonceBytes));
        using var cipher = new AesGcm(_key, TagBytes);
        cipher.Encrypt(output.AsSpan(1, NonceBytes), payload, output.AsSpan(HeadBytes), output.AsSpan(1 + NonceBytes, TagBytes), Encoding.UTF8.GetBytes(context));
        return output;
    }

    /// <exception cref="CryptographicException">The bytes were changed, or belong to another context or key.</exception>
    public byte[] Open(ReadOnlySpan<byte> sealedPayload, string context)
    {
        if (sealedPayload.Length < HeadBytes || sealedPayload[0] != Format) throw new CryptographicException("Not a sealed payload.");
        var output = new byte[sealedPayload.Length - HeadBytes];
        using var cipher = new AesGcm(_key, TagBytes);
        cipher.Decrypt(sealedPayload.Slice(1, NonceBytes), sealedPayload[HeadBytes..], sealedPayload.Slice(1 + NonceBytes, TagBytes), output, Encoding.UTF8.GetBytes(context));
        return output;
    }
}
