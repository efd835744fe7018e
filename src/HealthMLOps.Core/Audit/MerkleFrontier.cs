namespace HealthMLOps.Audit;

/// <summary>The right edge of a growing Merkle tree: all that is needed to add leaves and to say the root.</summary>
/// <remarks>One hash for each bit that is set in the size: the roots of the largest complete subtrees, left to right.</remarks>
public sealed class MerkleFrontier
{
    private readonly List<byte[]> _peaks;

    /// <param name="size">Leaves so far.</param>
    /// <param name="peaks">Roots of the complete subtrees, the largest first.</param>
    /// <exception cref="ArgumentException">The peaks can't belong to a tree of that size.</exception>
    public MerkleFrontier(long size, IEnumerable<byte[]> peaks)
    {
        _peaks = [.. peaks];
        if (size < 0 || _peaks.Count != long.PopCount(size) || _peaks.Exists(p => p.Length != MerkleHash.Bytes))
            throw new ArgumentException($"A tree of {size} leaves has {long.PopCount(size)} complete subtrees of {MerkleHash.Bytes} bytes each; got {_peaks.Count}.");
        Size = size;
    }

    public MerkleFrontier() => _peaks = [];

    public long Size { get; private set; }

    public IReadOnlyList<byte[]> Peaks => _peaks;

    /// <summary>The tree's root (RFC 9162, 2.1.1).</summary>
    public byte[] Root => Fold(_peaks);

    /// <summary>Adds a leaf.</summary>
    /// <param name="leaf">Its digest.</param>
    /// <param name="completed">Hears of each subtree that this leaf completes, above the leaf itself.</param>
    public void Append(byte[] leaf, Action<MerkleSubtree, byte[]>? completed = null)
    {
        var (hash, subtree) = (leaf, new MerkleSubtree(0, Size));
        while ((subtree.Position & 1) == 1)
        {
            hash = MerkleHash.Node(_peaks[^1], hash);
            _peaks.RemoveAt(_peaks.Count - 1);
            subtree = new MerkleSubtree(subtree.Level + 1, subtree.Position >> 1);
            completed?.Invoke(subtree, hash);
        }
        _peaks.Add(hash);
        Size++;
    }

    /// <summary>The root over neighbouring complete subtrees of falling size.</summary>
    public static byte[] Fold(IReadOnlyList<byte[]> peaks)
    {
        if (peaks.Count == 0) return MerkleHash.Empty;
        var root = peaks[^1];
        for (var i = peaks.Count - 2; i >= 0; i--) root = MerkleHash.Node(peaks[i], root);
        return root;
    }
}
