using System.Buffers.Binary;
using System.Security.Cryptography;
using HealthMLOps.Clinical;

namespace HealthMLOps.Storage;

/// <summary>One patient's data key: seals turns and snapshots, AES-256-GCM with a fresh 96-bit nonce each.</summary>
/// <remarks>Layout: mark byte, 12 bytes of nonce, 16 bytes of tag, ciphertext. The additional data binds the bytes to their patient, kind and number.</remarks>
public sealed class PatientCipher(PatientKey patient, byte[] key)
{
    public const int KeyBytes = 32;

    /// <summary>What sealed bytes begin with; plain ones of former releases begin with their format, a small number.</summary>
    private const byte Mark = 0xE1;
    private const int NonceBytes = 12;
    private const int TagBytes = 16;
    private const int HeadBytes = 1 + NonceBytes + TagBytes;

    public static bool IsSealed(ReadOnlySpan<byte> payload) => payload is [Mark, ..];

    public byte[] Seal(ReadOnlySpan<byte> plain, SealedKind kind, long number)
    {
        var output = new byte[HeadBytes + plain.Length];
        output[0] = Mark;
        var nonce = output.AsSpan(1, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Encrypt(nonce, plain, output.AsSpan(HeadBytes), output.AsSpan(1 + NonceBytes, TagBytes), Bound(kind, number));
        return output;
    }

    /// <exception cref="CryptographicException">The bytes were changed, or belong to another patient, kind or number.</exception>
    public byte[] Open(ReadOnlySpan<byte> payload, SealedKind kind, long number)
    {
        if (payload.Length < HeadBytes) throw new CryptographicException("A sealed payload is shorter than its head.");
        var output = new byte[payload.Length - HeadBytes];
        using var cipher = new AesGcm(key, TagBytes);
        cipher.Decrypt(payload.Slice(1, NonceBytes), payload[HeadBytes..], payload.Slice(1 + NonceBytes, TagBytes), output, Bound(kind, number));
        return output;
    }

    private byte[] Bound(SealedKind kind, long number)
    {
        var bound = new byte[1 + sizeof(long) + patient.Value.Length];
        bound[0] = (byte)kind;
        BinaryPrimitives.WriteInt64BigEndian(bound.AsSpan(1), number);
        System.Text.Encoding.ASCII.GetBytes(patient.Value, bound.AsSpan(1 + sizeof(long)));
        return bound;
    }
}

/// <summary>What is sealed under a patient's key.</summary>
public enum SealedKind : byte
{
    Turn = 1,
    Snapshot = 2,
}
