using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Unicode;
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

    /// <summary>Longer names are encoded on the heap.</summary>
    private const int NameBytesMax = 256;

    private readonly ThreadLocal<Tools> _tools;

    /// <param name="rootKey">32 secret bytes; both working keys are derived from it.</param>
    /// <exception cref="ArgumentException">The key has another length.</exception>
    public IdentityKeys(ReadOnlySpan<byte> rootKey)
    {
        if (rootKey.Length != KeyBytes) throw new ArgumentException($"The identity key has {KeyBytes} bytes; got {rootKey.Length}.");
        var (digestKey, sealKey) = (Derive(rootKey, "healthml/identity/digest/1"), Derive(rootKey, "healthml/identity/seal/1"));
        _tools = new ThreadLocal<Tools>(() => new Tools(digestKey, sealKey), trackAllValues: true);
        KeyId = Convert.ToHexStringLower(Derive(rootKey, "healthml/identity/key-id/1").AsSpan(0, 8));
    }

    /// <summary>Names the root key without revealing it: a store written under another key is recognised by it.</summary>
    public string KeyId { get; }

    public PatientKey Patient(SourceName source, Phi id) => PatientKey.Of(Resource(source, "Patient", id));

    public ResourceKey Resource(SourceName source, string type, Phi id)
    {
        Span<byte> digest = stackalloc byte[32];
        var digester = Mine.Digester;
        digester.AppendData(Name(source, type, id.Reveal(), stackalloc byte[NameBytesMax]));
        digester.GetHashAndReset(digest);
        return ResourceKey.From(digest);
    }

    /// <summary>A short surrogate for a place or organisation, such as <c>loc-k3v…</c>.</summary>
    public string Surrogate(string prefix, SourceName source, string type, Phi id) =>
        $"{prefix}-{Resource(source, type, id).ToBase32()[..12]}";

    /// <summary>Encrypts "source|type|id" for the identity vault.</summary>
    public byte[] Seal(SourceName source, string type, Phi id) => Seal(Resource(source, type, id), source, type, id);

    /// <summary>The same, where the digest of that id is at hand.</summary>
    public byte[] Seal(ResourceKey digest, SourceName source, string type, Phi id) =>
        Crypt(digest, Name(source, type, id.Reveal(), stackalloc byte[NameBytesMax]));

    /// <summary>Opens a sealed id.</summary>
    /// <exception cref="CryptographicException">It was changed, or sealed under another key.</exception>
    public EhrId Open(ResourceKey resource, ReadOnlySpan<byte> sealedId)
    {
        var parts = Encoding.UTF8.GetString(Crypt(resource, sealedId)).Split('|', 3);
        if (parts.Length != 3 || !SourceName.IsName(parts[0])) throw Broken();
        var id = new EhrId(new SourceName(parts[0]), parts[1], parts[2]);
        return Resource(id.Source, id.Type, id.Id) == resource ? id : throw Broken();
    }

    public void Dispose()
    {
        foreach (var tools in _tools.Values) tools.Dispose();
        _tools.Dispose();
    }

    private Tools Mine => _tools.Value ?? throw new ObjectDisposedException(nameof(IdentityKeys));

    private static ReadOnlySpan<byte> Name(SourceName source, string type, string id, Span<byte> room) =>
        Utf8.TryWrite(room, $"{source.Value}|{type}|{id}", out var length) ? room[..length] : Encoding.UTF8.GetBytes($"{source.Value}|{type}|{id}");

    private byte[] Crypt(ResourceKey start, ReadOnlySpan<byte> text)
    {
        // All blocks in one call: each call costs more than a block.
        var pad = new byte[(text.Length + BlockBytes - 1) / BlockBytes * BlockBytes];
        var counter = new UInt128(start.High, start.Low);
        for (var at = 0; at < pad.Length; at += BlockBytes, counter++) BinaryPrimitives.WriteUInt128BigEndian(pad.AsSpan(at), counter);
        if (pad.Length > 0) Mine.Cipher.TransformBlock(pad, 0, pad.Length, pad, 0);
        var sealedText = new byte[text.Length];
        for (var i = 0; i < sealedText.Length; i++) sealedText[i] = (byte)(pad[i] ^ text[i]);
        return sealedText;
    }

    private static byte[] Derive(ReadOnlySpan<byte> rootKey, string purpose)
    {
        var key = new byte[KeyBytes];
        HKDF.DeriveKey(HashAlgorithmName.SHA256, rootKey, key, default, Encoding.UTF8.GetBytes(purpose));
        return key;
    }

    private static CryptographicException Broken() => new("A sealed id does not open under this identity key.");

    /// <summary>One thread's keyed digester and cipher: setting them up costs more than using them, and they can't be shared.</summary>
    private sealed class Tools : IDisposable
    {
        private readonly Aes _aes = Aes.Create();

        public Tools(byte[] digestKey, byte[] sealKey)
        {
            Digester = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, digestKey);
            (_aes.Key, _aes.Mode, _aes.Padding) = (sealKey, CipherMode.ECB, PaddingMode.None);
            Cipher = _aes.CreateEncryptor();
        }

        public IncrementalHash Digester { get; }

        public ICryptoTransform Cipher { get; }

        public void Dispose()
        {
            Digester.Dispose();
            Cipher.Dispose();
            _aes.Dispose();
        }
    }
}
