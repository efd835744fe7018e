namespace HealthMLOps.Audit;

/// <summary>Writes the record as a file that verifies without the server.</summary>
public sealed class RecordExport(AuditStore store, AuditTree tree, CheckpointStore checkpoints)
{
    private const int PageRows = 1_000;

    /// <summary>Writes entries [from, last checkpoint) with their checkpoints.</summary>
    /// <param name="from">0, or the size of a checkpoint.</param>
    /// <param name="last">The checkpoint that the file ends with.</param>
    /// <param name="output">Where to.</param>
    /// <param name="cancellation">Ends it.</param>
    public async Task Write(long from, SignedCheckpoint last, Stream output, CancellationToken cancellation)
    {
        var to = last.Checkpoint.Size;
        var peaks = new List<byte[]>();
        foreach (var subtree in new MerkleRange(0, from).Subtrees()) peaks.Add(await tree.Root(new MerkleRange(subtree.From, subtree.To), cancellation));
        await Line(output, new ExportHeader(last.Checkpoint.Origin, from, to, peaks).ToLine(), cancellation);
        var signed = new Queue<SignedCheckpoint>(await checkpoints.Between(Math.Max(from, 1), to, int.MaxValue, cancellation));
        for (var leaf = from; ;)
        {
            while (signed.TryPeek(out var next) && next.Checkpoint.Size == leaf) await Line(output, ExportLine.Of(signed.Dequeue()), cancellation);
            if (leaf >= to) break;
            var page = await store.Leaves(leaf, (int)Math.Min(PageRows, to - leaf), cancellation);
            if (page.Count == 0) throw new RecordBroken($"The record's tree has no leaf {leaf}, though it was signed.");
            foreach (var (number, digest, entry) in page)
            {
                while (signed.TryPeek(out var next) && next.Checkpoint.Size == number) await Line(output, ExportLine.Of(signed.Dequeue()), cancellation);
                await Line(output, LineOf(number, digest, entry), cancellation);
                leaf = number + 1;
            }
        }
    }

    /// <summary>What is gone is written as gone: the verifier then names it.</summary>
    private static byte[] LineOf(long leaf, byte[] digest, RecordedEntry? entry) =>
        entry is null ? ExportLine.Gone(leaf, digest)
        : entry.IsHidden ? ExportLine.Hidden(leaf, digest, entry.Event.Place)
        : ExportLine.Of(leaf, digest, entry.Event.ToBytes());

    private static async Task Line(Stream output, byte[] line, CancellationToken cancellation)
    {
        await output.WriteAsync(line, cancellation);
        await output.WriteAsync("\n"u8.ToArray(), cancellation);
    }
}
