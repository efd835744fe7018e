namespace HealthMLOps.Audit;

/// <summary>A complete subtree: the leaves [position · 2^level, (position + 1) · 2^level).</summary>
public readonly record struct MerkleSubtree(int Level, long Position)
{
    public long From => Position << Level;

    public long To => (Position + 1) << Level;
}
