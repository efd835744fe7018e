using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using HealthMLOps.Clinical;

namespace HealthMLOps.Privacy;

/// <summary>The door between an EHR's identifiers and our pseudonyms: keyed digests one way, sealed ids for the way back.</summary>
/// <remarks>
/// Digests are HMAC-SHA256 cut to 128 bits, domain separated by source and type. A sealed id is AES-256 in counter mode
/// with the digest as its start value: the construction of SIV (RFC 5297), deterministic, so that the same id always
/// gives the same bytes, and checked when opened by computing the digest again.
/// </remarks>
public sealed class IdentityKeys : IDisposable
{
    public const int KeyBytes = 32;
    private const int BlockBytes = 16;

    private readonly byte[] _digestKey;
    private readonly Aes _cipher = Aes.Create();

    /// <param name="rootKey">32 secret bytes; both working keys are derived from it.</param>
    /// <exception cref="ArgumentException">The key has another length.</exception>
    public IdentityKeys(ReadOnlySpan<byte> rootKey)
    {
        if (rootKey.Length != KeyBytes) throw new ArgumentException($"The identity key has {KeyBytes} bytes; got {rootKey.Length}.");
        _digestKey = Derive(rootKey, "healthml/identity/digest/1");
        _cipher.Key = Derive(rootKey, "healthml/identity/seal/1");
        KeyId = Convert.ToHexStringLower(Derive(rootKey, "healthml/identity/key-id/1").AsSpan(0, 8));
    }

    /// <summary>Names the root key without revealing it: a store written under another key is recognised by it.</summary>
    public string KeyId { get; }

    public PatientKey Patient(SourceName source, string id) => PatientKey.Of(Resource(source, "Patient", id));

    public ResourceKey Resource(SourceName source, string type, string id)
    {
        Span<byte> digest = stackalloc byte[32];
        HMACSHA256.HashData(_digestKey, Encoding.UTF8.GetBytes($"{source.Value}|{type}|{id}"), digest);
        return ResourceKey.From(digest);
    }

    /// <summary>A short surrogate for a place or organisation, such as <c>loc-k3v…</c>.</summary>
    public string Surrogate(string prefix, SourceName source, string type, string id) =>
        $"{prefix}-{Resource(source, type, id).ToBase32()[..12]}";

    /// <summary>Encrypts "source|type|id" for the identity vault.</summary>
    public byte[] Seal(SourceName source, string type, string id) => Seal(Resource(source, type, id), source, type, id);

    /// <summary>The same, where the digest of that id is at hand.</summary>
    public byte[] Seal(ResourceKey digest, SourceName source, string type, string id) =>
        Crypt(digest, Encoding.UTF8.GetBytes($"{source.Value}|{type}|{id}"));

    /// <summary>Opens a sealed id.</summary>
    /// <exception cref="CryptographicException">It was changed, or sealed under another key.</exception>
    public EhrId Open(ResourceKey resource, ReadOnlySpan<byte> sealedId)
    {
        var parts = Encoding.UTF8.GetString(Crypt(resource, sealedId)).Split('|', 3);
        if (parts.Length != 3 || !SourceName.IsName(parts[0])) throw Broken();
        var id = new EhrId(new SourceName(parts[0]), parts[1], parts[2]);
        return Resource(id.Source, id.Type, id.Id) == resource ? id : throw Broken();
    }

    public void Dispose() => _cipher.Dispose();

    private byte[] Crypt(ResourceKey start, ReadOnlySpan<byte> text)
    {
        // All blocks in one call: each call costs more than a block.
        var pad = new byte[(text.Length + BlockBytes - 1) / BlockBytes * BlockBytes];
        var counter = new UInt128(start.High, start.Low);
        for (var at = 0; at < pad.Length; at += BlockBytes, counter++) BinaryPrimitives.WriteUInt128BigEndian(pad.AsSpan(at), counter);
        lock (_cipher) pad = _cipher.EncryptEcb(pad, PaddingMode.None);
        for (var i = 0; i < text.Length; i++) pad[i] ^= text[i];
        return pad[..text.Length];
    }

    private static byte[] Derive(ReadOnlySpan<byte> rootKey, string purpose)
    {
        var key = new byte[KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, rootKey, key, default, Encoding.UTF8.GetBytes(purpose));
        return key;
    }

    private static CryptographicException Broken() => new("A sealed id does not open under this identity key.");
}
