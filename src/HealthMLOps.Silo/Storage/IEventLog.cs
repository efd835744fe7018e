using HealthMLOps.Clinical;

namespace HealthMLOps.Storage;

/// <summary>The append-only log of all patients, and what commits with it: resource index, outbox, snapshots, the record.</summary>
/// <remarks>
/// One instance a silo: one writer, one connection, one transaction in flight, dense writer sequence. What returns has been
/// committed durably. Implemented over SQLite and PostgreSQL; one contract-test suite holds both to the same behaviour.
/// </remarks>
public interface IEventLog
{
    /// <summary>This silo incarnation as a writer.</summary>
    WriterId Writer { get; }

    /// <summary>Appends one patient turn with its index rows and outbox items, in one transaction shared with other appends.</summary>
    /// <returns><see cref="AppendResult.Committed"/> with the writer's sequence, or <see cref="AppendResult.Lost"/> where the patient already has that number: the caller reloads and tries again.</returns>
    /// <exception cref="LogBusy">The queue is full; nothing was written.</exception>
    /// <exception cref="WriterFenced">A successor has fenced this writer; nothing was or will be written.</exception>
    /// <exception cref="LogUnavailable">The database did not confirm it; it may be stored: the caller reloads to know.</exception>
    Task<AppendResult> Append(PatientAppend append);

    /// <summary>Appends one event of the record, with its payload, chained by hash to the writer's former one.</summary>
    /// <exception cref="LogBusy">The queue is full; nothing was written.</exception>
    /// <exception cref="WriterFenced">As for <see cref="Append"/>.</exception>
    Task Record(AuditAppend audit);

    /// <summary>Saves a patient's snapshot unless a newer one is stored. Losing one costs time only, so it may be dropped when the queue is full.</summary>
    void SaveSnapshot(StoredSnapshot snapshot);

    Task<StoredSnapshot?> ReadSnapshot(PatientKey patient, CancellationToken cancellation);

    /// <summary>A patient's turns in order, from <paramref name="afterNumber"/> (exclusive).</summary>
    IAsyncEnumerable<StoredTurn> ReadPatient(PatientKey patient, long afterNumber, CancellationToken cancellation);

    /// <summary>Every turn of every patient, patient by patient, each in order; reads a stable prefix and never the whole log in memory.</summary>
    IAsyncEnumerable<StoredTurn> ReadAll(CancellationToken cancellation);

    /// <summary>A writer's turns in sequence, from <paramref name="afterSequence"/> (exclusive), at most <paramref name="countMax"/>.</summary>
    Task<IReadOnlyList<StoredTurn>> ReadWriter(WriterId writer, long afterSequence, int countMax, CancellationToken cancellation);

    /// <summary>All writers that ever appended, fenced ones included.</summary>
    Task<IReadOnlyList<WriterState>> Writers(CancellationToken cancellation);

    /// <summary>What the index holds of these resources; resources never seen are absent from the answer.</summary>
    Task<IReadOnlyDictionary<ResourceKey, IndexedResource>> FindResources(IReadOnlyCollection<ResourceKey> resources, CancellationToken cancellation);

    /// <summary>Outbox items that were committed and not yet marked as done, oldest first.</summary>
    Task<IReadOnlyList<OutboxItem>> PendingOutbox(int countMax, CancellationToken cancellation);

    Task CompleteOutbox(long id, CancellationToken cancellation);

    /// <summary>Forbids every further append of a writer. Returns when no append of it can commit any more.</summary>
    Task Fence(WriterId writer, CancellationToken cancellation);

    /// <summary>Fences every unfenced writer of a silo address except this one (the silo is known to be dead).</summary>
    Task FenceSilo(string siloAddress, CancellationToken cancellation);

    /// <summary>Fences every writer but this one: the embedded process holds the data folder's lock, so all others are dead.</summary>
    Task FenceOthers(CancellationToken cancellation);

    Task<LogStatistics> Statistics(CancellationToken cancellation);
}
