namespace HealthMLOps.Audit;

/// <summary>Holds the stored tree against the last checkpoint and against the witness.</summary>
public sealed class RecordCheck(AuditTree tree, CheckpointStore checkpoints, AuditWitness witness, AuditSigner signer)
{
    /// <summary>The tree's edge and the last checkpoint, after they were found to fit.</summary>
    /// <exception cref="RecordBroken">They don't: the record was changed, cut back or restored from an older copy.</exception>
    public async Task<(MerkleFrontier Edge, SignedCheckpoint? Last)> Verified(CancellationToken cancellation)
    {
        // The checkpoint first: leaves are only added, and those that it covers are there before it is.
        var last = await checkpoints.Last(cancellation);
        var size = await tree.Size(cancellation);
        if (last is not null)
        {
            var (signed, keys) = (last.Checkpoint, await checkpoints.Keys(cancellation));
            if (signed.Origin != await signer.Origin(cancellation) || !last.IsSignedBy(keys))
                throw new RecordBroken($"The record's last checkpoint, of {signed.Size} entries, is not signed by a key of this record.");
            if (signed.Size > size) throw new RecordBroken($"The record was cut back: its tree has {size} entries, a signed checkpoint {signed.Size}.");
            var root = (await tree.Edge(signed.Size, cancellation)).Root;
            if (!root.AsSpan().SequenceEqual(signed.Root)) throw new RecordBroken($"The record's first {signed.Size} entries do not have the root that was signed for them: one of them was changed.");
        }
        await CheckWitness(last?.Checkpoint.Size ?? 0, cancellation);
        return (await tree.Edge(size, cancellation), last);
    }

    private async Task CheckWitness(long signedSize, CancellationToken cancellation)
    {
        var kept = witness.Read();
        if (kept.Count == 0) return;
        if (kept.MaxBy(c => c.Checkpoint.Size)!.Checkpoint.Size is var furthest && furthest > signedSize)
            throw new RecordBroken($"The record was cut back or restored from an older copy: the witness has a checkpoint of {furthest} entries, the database of {signedSize}.");
        var ours = (await checkpoints.Between(0, signedSize, int.MaxValue, cancellation)).ToDictionary(c => c.Checkpoint.Size, c => c.Checkpoint);
        var forked = kept.FirstOrDefault(c => !ours.TryGetValue(c.Checkpoint.Size, out var own) || !own.Agrees(c.Checkpoint));
        if (forked is not null) throw new RecordBroken($"The record has told two stories: the witness has another checkpoint of {forked.Checkpoint.Size} entries than the database.");
    }
}
