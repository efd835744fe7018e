using System.Buffers.Binary;

namespace HealthMLOps.Clinical;

/// <summary>A FHIR resource's keyed pseudonym: 128 bits of HMAC over (source, type, id).</summary>
[GenerateSerializer, Immutable, Alias("resource-key")]
public readonly record struct ResourceKey([property: Id(0)] ulong High, [property: Id(1)] ulong Low) : IComparable<ResourceKey>
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyz234567";

    /// <summary>The key made of the first 16 bytes, big-endian.</summary>
    public static ResourceKey From(ReadOnlySpan<byte> digest) =>
        new(BinaryPrimitives.ReadUInt64BigEndian(digest), BinaryPrimitives.ReadUInt64BigEndian(digest[8..]));

    public byte[] ToBytes()
    {
        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt64BigEndian(bytes, High);
        BinaryPrimitives.WriteUInt64BigEndian(bytes.AsSpan(8), Low);
        return bytes;
    }

    /// <summary>26 lower-case base32 letters (RFC 4648 alphabet, no padding).</summary>
    public string ToBase32()
    {
        var value = new UInt128(High, Low);
        return string.Create(26, value, static (letters, rest) =>
        {
            for (var i = letters.Length - 1; i >= 0; i--, rest >>= 5)
                letters[i] = Alphabet[(int)(rest & 31)];
        });
    }

    /// <summary>The key of the Patient resource whose pseudonym that is: one digest under two names.</summary>
    public static ResourceKey Of(PatientKey patient)
    {
        UInt128 value = 0;
        foreach (var letter in patient.Value.AsSpan(PatientKey.Prefix.Length)) value = (value << 5) | (uint)Alphabet.IndexOf(letter, StringComparison.Ordinal);
        return new ResourceKey((ulong)(value >> 64), (ulong)value);
    }

    public int CompareTo(ResourceKey other) => High != other.High ? High.CompareTo(other.High) : Low.CompareTo(other.Low);

    public static bool operator <(ResourceKey a, ResourceKey b) => a.CompareTo(b) < 0;
    public static bool operator >(ResourceKey a, ResourceKey b) => a.CompareTo(b) > 0;
    public static bool operator <=(ResourceKey a, ResourceKey b) => a.CompareTo(b) <= 0;
    public static bool operator >=(ResourceKey a, ResourceKey b) => a.CompareTo(b) >= 0;

    public override string ToString() => ToBase32();
}
