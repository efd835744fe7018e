namespace HealthMLOps.Audit;

/// <summary>Grows the tree over the record. One grain, key <see cref="Key"/>. Called by each silo's follower, and by the audit endpoints.</summary>
[Alias("audit-grain")]
public interface IAuditGrain : IGrainWithStringKey
{
    const string Key = "audit:record";

    /// <summary>Takes new events into the tree, up to a limit, and signs where it is time. What it answers is durable; a repeat takes what came since.</summary>
    /// <exception cref="RecordBroken">Events, tree and checkpoints do not fit each other any more.</exception>
    [Alias("follow")]
    Task<AuditHead> Follow();

    /// <summary>Takes all that is committed into the tree and signs it, whatever the time.</summary>
    [Alias("checkpoint")]
    Task<AuditHead> Checkpoint();
}

/// <summary>How far the tree has come.</summary>
/// <param name="Size">Its leaves.</param>
/// <param name="Note">The last signed checkpoint; null before the first.</param>
/// <param name="IsBehind">There are committed events that it has not taken yet.</param>
[GenerateSerializer, Immutable, Alias("audit-head")]
public sealed record AuditHead([property: Id(0)] long Size, [property: Id(1)] string? Note, [property: Id(2)] bool IsBehind);
