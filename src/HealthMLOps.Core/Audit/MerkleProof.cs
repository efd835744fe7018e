using System.Numerics;

namespace HealthMLOps.Audit;

/// <summary>Inclusion and consistency proofs of RFC 9162, section 2.1: which roots make one, and whether one holds.</summary>
public static class MerkleProof
{
    /// <summary>The ranges whose roots prove that a leaf is in a tree, from the leaf upwards.</summary>
    public static IReadOnlyList<MerkleRange> Inclusion(long index, long size)
    {
        if (index < 0 || index >= size) throw new ArgumentException($"A tree of {size} leaves has no leaf {index}.");
        var path = new List<MerkleRange>();
        for (var (from, to) = (0L, size); to - from > 1;)
        {
            var cut = from + LargestBelow(to - from);
            if (index < cut) { path.Add(new MerkleRange(cut, to)); to = cut; }
            else { path.Add(new MerkleRange(from, cut)); from = cut; }
        }
        path.Reverse();
        return path;
    }

    /// <summary>The ranges whose roots prove that a tree of <paramref name="size"/> leaves begins with the tree of <paramref name="former"/> leaves.</summary>
    public static IReadOnlyList<MerkleRange> Consistency(long former, long size)
    {
        if (former < 1 || former > size) throw new ArgumentException($"A consistency proof goes from a size of 1 to {size}; got {former}.");
        var path = new List<MerkleRange>();
        var (from, to, isWhole) = (0L, size, true);
        while (to != former)
        {
            var cut = from + LargestBelow(to - from);
            if (former <= cut) { path.Add(new MerkleRange(cut, to)); to = cut; }
            else { path.Add(new MerkleRange(from, cut)); (from, isWhole) = (cut, false); }
        }
        if (!isWhole) path.Add(new MerkleRange(from, to));
        path.Reverse();
        return path;
    }

    /// <summary>Whether the path proves the leaf (RFC 9162, 2.1.3.2).</summary>
    public static bool Includes(byte[] root, long size, long index, byte[] leaf, IReadOnlyList<byte[]> path)
    {
        if (index < 0 || index >= size) return false;
        var (node, last, hash) = (index, size - 1, leaf);
        foreach (var beside in path)
        {
            if (last == 0) return false;
            if ((node & 1) == 1 || node == last)
            {
                hash = MerkleHash.Node(beside, hash);
                while ((node & 1) == 0 && node != 0) (node, last) = (node >> 1, last >> 1);
            }
            else hash = MerkleHash.Node(hash, beside);
            (node, last) = (node >> 1, last >> 1);
        }
        return last == 0 && hash.AsSpan().SequenceEqual(root);
    }

    /// <summary>Whether the path proves that the tree has only grown (RFC 9162, 2.1.4.2).</summary>
    public static bool Extends(byte[] formerRoot, long former, byte[] root, long size, IReadOnlyList<byte[]> path)
    {
        if (former < 1 || former > size) return false;
        if (former == size) return path.Count == 0 && formerRoot.AsSpan().SequenceEqual(root);
        IReadOnlyList<byte[]> whole = BitOperations.IsPow2(former) ? [formerRoot, .. path] : path;
        if (whole.Count == 0) return false;
        var (node, last) = (former - 1, size - 1);
        while ((node & 1) == 1) (node, last) = (node >> 1, last >> 1);
        var (before, after) = (whole[0], whole[0]);
        foreach (var beside in whole.Skip(1))
        {
            if (last == 0) return false;
            if ((node & 1) == 1 || node == last)
            {
                (before, after) = (MerkleHash.Node(beside, before), MerkleHash.Node(beside, after));
                while ((node & 1) == 0 && node != 0) (node, last) = (node >> 1, last >> 1);
            }
            else after = MerkleHash.Node(after, beside);
            (node, last) = (node >> 1, last >> 1);
        }
        return last == 0 && before.AsSpan().SequenceEqual(formerRoot) && after.AsSpan().SequenceEqual(root);
    }

    /// <summary>The largest power of two below n.</summary>
    private static long LargestBelow(long n) => 1L << BitOperations.Log2((ulong)(n - 1));
}
