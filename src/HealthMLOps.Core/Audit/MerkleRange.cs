using System.Numerics;

namespace HealthMLOps.Audit;

/// <summary>Leaves [from, to) whose common root a proof needs. As RFC 9162 cuts them, each begins where a subtree of its size may begin.</summary>
public readonly record struct MerkleRange(long From, long To)
{
    /// <summary>The complete subtrees that it consists of, left to right; <see cref="MerkleFrontier.Fold"/> of their roots is its root.</summary>
    public IReadOnlyList<MerkleSubtree> Subtrees()
    {
        var subtrees = new List<MerkleSubtree>();
        for (var from = From; from < To;)
        {
            var level = BitOperations.Log2((ulong)(To - from));
            subtrees.Add(new MerkleSubtree(level, from >> level));
            from += 1L << level;
        }
        return subtrees;
    }
}
