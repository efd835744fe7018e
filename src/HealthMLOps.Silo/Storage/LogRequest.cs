namespace HealthMLOps.Storage;

/// <summary>One thing that waits for the next commit, and the caller that waits with it.</summary>
internal abstract class LogRequest(long bytes)
{
    /// <summary>What a small row costs beside its payload.</summary>
    protected const long RowBytes = 256;

    /// <summary>The order in which requests entered the queue.</summary>
    public long Ticket { get; set; }

    public long Bytes { get; } = bytes;

    public abstract void Fail(Exception failure);
}

internal sealed class AppendRequest(PatientAppend append) : LogRequest(RowBytes + append.Payload.Length + (append.NewKey?.Length ?? 0)
    + append.Resources.Sum(r => RowBytes + r.SealedId.Length) + append.Outbox.Sum(o => RowBytes + o.Payload.Length))
{
    private readonly TaskCompletionSource<AppendResult> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public PatientAppend Append { get; } = append;

    public Task<AppendResult> Done => _done.Task;

    public void Complete(AppendResult result) => _done.TrySetResult(result);

    public override void Fail(Exception failure) => _done.TrySetException(failure);
}

internal sealed class AuditRequest(AuditAppend audit) : LogRequest(RowBytes + (audit.SealedPayload?.Length ?? 0))
{
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public AuditAppend Audit { get; } = audit;

    public Task Done => _done.Task;

    public void Complete() => _done.TrySetResult();

    public override void Fail(Exception failure) => _done.TrySetException(failure);
}

/// <summary>Nobody waits for a snapshot: losing one costs only time.</summary>
internal sealed class SnapshotRequest(StoredSnapshot snapshot) : LogRequest(RowBytes + snapshot.Payload.Length)
{
    public StoredSnapshot Snapshot { get; } = snapshot;

    public override void Fail(Exception failure) { }
}
