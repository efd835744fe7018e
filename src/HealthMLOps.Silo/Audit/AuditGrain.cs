namespace HealthMLOps.Audit;

/// <summary>Follows every writer's events by a watermark, gives each its place in the tree, and signs.</summary>
public sealed partial class AuditGrain(
    AuditStore store, AuditTree tree, CheckpointStore checkpoints, AuditSigner signer, RecordCheck check, AuditWitness witness,
    Hosting.ClinicalClock clock, ILogger<AuditGrain> logger) : Grain, IAuditGrain
{
    /// <summary>Events in one transaction.</summary>
    private const int BatchCountMax = 1_000;

    /// <summary>Transactions in one call, so that a caller who is far behind does not wait too long.</summary>
    private const int BatchesMax = 20;

    /// <summary>A checkpoint comes after so many events, or after so long, whichever is first.</summary>
    public const int EventsBetween = 1_000;

    public static readonly TimeSpan TimeBetween = TimeSpan.FromSeconds(60);

    private MerkleFrontier _edge = new();
    private Dictionary<long, long> _watermarks = [];
    private SignedCheckpoint? _last;
    private long _witnessed;

    /// <summary>Writers below it are of an older release, whose rows are elsewhere.</summary>
    private long _firstWriter;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // All that follows from the tree is read anew: whoever grew it before may have done more than it told.
        (_edge, _last) = await check.Verified(cancellationToken);
        _watermarks = await tree.Watermarks(cancellationToken);
        _firstWriter = await store.FirstWriter(cancellationToken);
        _witnessed = witness.Read().Select(c => c.Checkpoint.Size).DefaultIfEmpty(0).Max();
    }

    public async Task<AuditHead> Follow()
    {
        var isBehind = await Take(BatchesMax);
        if (_edge.Size - SignedSize >= EventsBetween || (_edge.Size > SignedSize && clock.Now - (_last?.Checkpoint.At ?? DateTimeOffset.MinValue) >= TimeBetween)) await Sign();
        return await Head(isBehind);
    }

    public async Task<AuditHead> Checkpoint()
    {
        while (await Take(BatchesMax)) { }
        if (_edge.Size > SignedSize) await Sign();
        return await Head(isBehind: false);
    }

    private long SignedSize => _last?.Checkpoint.Size ?? 0;

    /// <summary>Takes events in batches; whether more wait when the limit is reached.</summary>
    private async Task<bool> Take(int batchesMax)
    {
        foreach (var (writer, committed) in (await store.Writers(CancellationToken.None)).OrderBy(w => w.Key))
            while (_watermarks.GetValueOrDefault(writer) < committed)
            {
                if (batchesMax-- == 0) return true;
                var events = await store.Chain(writer, _watermarks.GetValueOrDefault(writer), BatchCountMax, CancellationToken.None);
                if (events.Count == 0 && writer < _firstWriter) break;
                if (events.Count == 0) throw new RecordBroken($"Events {_watermarks.GetValueOrDefault(writer) + 1} to {committed} of writer {writer} are gone from the record.");
                await Append(writer, events);
            }
        return false;
    }

    private async Task Append(long writer, IReadOnlyList<RecordedEntry> events)
    {
        var expected = _watermarks.GetValueOrDefault(writer);
        var next = new MerkleFrontier(_edge.Size, _edge.Peaks);
        var completed = new List<(MerkleSubtree, byte[])>();
        foreach (var recorded in events)
        {
            // Watermarks move from n to n + 1 only.
            if (recorded.Event.Place.Sequence != ++expected) throw new RecordBroken($"Event {expected} of writer {writer} is gone from the record; the next one is {recorded.Event.Place.Sequence}.");
            if (!recorded.Event.Digest().AsSpan().SequenceEqual(recorded.Digest)) throw new RecordBroken($"Event {recorded.Event.Place} of the record is not what it was when it was written.");
            next.Append(recorded.Digest, (subtree, root) => completed.Add((subtree, root)));
        }
        try { await tree.Append(_edge.Size, [.. events.Select(e => (e.Event.Place, e.Digest))], completed, CancellationToken.None); }
        catch
        {
            DeactivateOnIdle(); // The leaves may have landed, or another grain has grown the tree: read it again.
            throw;
        }
        (_edge, _watermarks[writer]) = (next, expected);
    }

    private async Task Sign()
    {
        var signed = await signer.Sign(_edge.Size, _edge.Root, CancellationToken.None);
        await checkpoints.Add(signed, CancellationToken.None);
        _last = await checkpoints.Last(CancellationToken.None) ?? signed;
        SignedCheckpointOf(_last.Checkpoint.Size);
        await Witness();
    }

    /// <summary>Hands on what the witness has not got yet; while it is away, checkpoints wait in the database.</summary>
    private async Task Witness()
    {
        if (!witness.IsConfigured) return;
        try
        {
            foreach (var signed in await checkpoints.Between(_witnessed + 1, SignedSize, int.MaxValue, CancellationToken.None))
            {
                witness.Keep(signed);
                _witnessed = signed.Checkpoint.Size;
            }
        }
        catch (Exception away) when (away is IOException or UnauthorizedAccessException) { MissedWitness(away, SignedSize); }
    }

    private Task<AuditHead> Head(bool isBehind) => Task.FromResult(new AuditHead(_edge.Size, _last?.Note, isBehind));

    [LoggerMessage(Level = LogLevel.Information, Message = "Signed a checkpoint of the record over {Entries} entries")]
    private partial void SignedCheckpointOf(long entries);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Kept a checkpoint of {Entries} entries from the witness, which is away")]
    private partial void MissedWitness(Exception away, long entries);
}
