using System.Security.Cryptography;

namespace HealthMLOps.Audit;

/// <summary>The hashes of RFC 6962 and 9162: a leaf can never be taken for a node.</summary>
public static class MerkleHash
{
    public const int Bytes = SHA256.HashSizeInBytes;

    private const int StackBytesMax = 2_048;

    /// <summary>The root of a tree without leaves.</summary>
    public static byte[] Empty => SHA256.HashData([]);

    /// <summary>SHA-256(0x00 ‖ content).</summary>
    public static byte[] Leaf(ReadOnlySpan<byte> content)
    {
        var prefixed = content.Length < StackBytesMax ? stackalloc byte[content.Length + 1] : new byte[content.Length + 1];
        prefixed[0] = 0;
        content.CopyTo(prefixed[1..]);
        return SHA256.HashData(prefixed);
    }

    /// <summary>SHA-256(0x01 ‖ left ‖ right).</summary>
    public static byte[] Node(ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        Span<byte> both = stackalloc byte[1 + 2 * Bytes];
        both[0] = 1;
        left.CopyTo(both[1..]);
        right.CopyTo(both[(1 + Bytes)..]);
        return SHA256.HashData(both);
    }
}
