using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace HealthMLOps.Storage;

/// <summary>Chains one writer's access records by SHA-256, so that a changed, removed or inserted record shows.</summary>
/// <remarks>
/// hash(n) = SHA-256(hash(n-1) | writer | n | UTC ticks | actor | action | patient | purpose | outcome); integers are 64-bit
/// big-endian, texts are their UTF-8 length as a 32-bit integer and their bytes, absence is length -1; hash(0) is 32 zero bytes.
/// </remarks>
public static class AccessChain
{
    /// <summary>hash(0).</summary>
    public static byte[] Start => new byte[SHA256.HashSizeInBytes];

    public static byte[] Next(ReadOnlySpan<byte> former, WriterId writer, long sequence, AccessRecord access)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(former);
        Append(hash, writer.Value);
        Append(hash, sequence);
        Append(hash, access.At.UtcTicks);
        Append(hash, access.Actor);
        Append(hash, access.Action);
        Append(hash, access.Patient?.Value);
        Append(hash, access.Purpose);
        Append(hash, access.Outcome);
        return hash.GetHashAndReset();
    }

    /// <summary>The first sequence that does not follow from its former one, or null where the whole chain holds.</summary>
    /// <param name="chain">All records of one writer in sequence, from 1.</param>
    public static long? FirstBroken(IEnumerable<StoredAccess> chain)
    {
        var former = Start;
        long expected = 1;
        foreach (var record in chain)
        {
            if (record.Sequence != expected) return expected;
            former = Next(former, record.Writer, record.Sequence, record.Access);
            if (!former.AsSpan().SequenceEqual(record.Hash)) return record.Sequence;
            expected++;
        }
        return null;
    }

    private static void Append(IncrementalHash hash, long number)
    {
        Span<byte> bytes = stackalloc byte[8];
        BinaryPrimitives.WriteInt64BigEndian(bytes, number);
        hash.AppendData(bytes);
    }

    private static void Append(IncrementalHash hash, string? text)
    {
        var bytes = text is null ? [] : Encoding.UTF8.GetBytes(text);
        Span<byte> length = stackalloc byte[4];
        BinaryPrimitives.WriteInt32BigEndian(length, text is null ? -1 : bytes.Length);
        hash.AppendData(length);
        hash.AppendData(bytes);
    }
}
