using HealthMLOps.Audit;

namespace HealthMLOps.Tests.Unit.Audit;

/// <summary>Merkle trees as RFC 9162 defines them, by recursion over all leaves: slow and obviously right.</summary>
internal static class SlowTree
{
    public static byte[] Root(ReadOnlySpan<byte[]> leaves)
    {
        if (leaves.Length == 0) return MerkleHash.Empty;
        if (leaves.Length == 1) return leaves[0];
        var cut = Cut(leaves.Length);
        return MerkleHash.Node(Root(leaves[..cut]), Root(leaves[cut..]));
    }

    public static List<byte[]> Path(int leaf, ReadOnlySpan<byte[]> leaves)
    {
        if (leaves.Length == 1) return [];
        var cut = Cut(leaves.Length);
        return leaf < cut
            ? [.. Path(leaf, leaves[..cut]), Root(leaves[cut..])]
            : [.. Path(leaf - cut, leaves[cut..]), Root(leaves[..cut])];
    }

    public static List<byte[]> Growth(int former, ReadOnlySpan<byte[]> leaves, bool isWhole = true)
    {
        if (former == leaves.Length) return isWhole ? [] : [Root(leaves)];
        var cut = Cut(leaves.Length);
        return former <= cut
            ? [.. Growth(former, leaves[..cut], isWhole), Root(leaves[cut..])]
            : [.. Growth(former - cut, leaves[cut..], false), Root(leaves[..cut])];
    }

    private static int Cut(int count)
    {
        var cut = 1;
        while (2 * cut < count) cut *= 2;
        return cut;
    }
}
