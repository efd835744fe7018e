using HealthMLOps.Audit;
using HealthMLOps.Clinical;

namespace HealthMLOps.Storage;

/// <summary>How far a writer has come.</summary>
/// <param name="Sequence">Its highest committed sequence of turns.</param>
/// <param name="AuditSequence">Its highest committed sequence of audit events.</param>
/// <param name="AuditHash">The digest of that event.</param>
/// <param name="PayloadBytes">All payload that it has appended.</param>
internal sealed record WriterMark(long Sequence, long AuditSequence, byte[] AuditHash, long PayloadBytes)
{
    public static WriterMark Start => new(0, 0, AuditEvent.NoPrevious, 0);

    public bool IsAt(WriterMark other) => Sequence == other.Sequence && AuditSequence == other.AuditSequence;
}

/// <summary>One transaction as the database must write it: sequences are given, hashes are chained, each resource occurs once.</summary>
/// <remarks>Turns, resources and snapshots are sorted by key, so that two writers always lock rows in the same order.</remarks>
internal sealed record LogBatch(
    WriterId Writer, WriterMark Before, WriterMark After,
    IReadOnlyList<StoredTurn> Turns, IReadOnlyList<IndexedResource> Resources, IReadOnlyList<OutboxEntry> Outbox,
    IReadOnlyList<StoredAudit> Audits, IReadOnlyList<StoredSnapshot> Snapshots)
{
    /// <summary>Whether the writer's row will show that this was committed.</summary>
    public bool Changes => !Before.IsAt(After);

    /// <summary>The turns that bring their patient's key.</summary>
    public IReadOnlyList<StoredTurn> Keyed => [.. Turns.Where(t => t.NewKey is not null)];

    public static LogBatch Of(WriterId writer, WriterMark before, IReadOnlyList<LogRequest> requests)
    {
        var turns = new List<StoredTurn>();
        var resources = new Dictionary<ResourceKey, IndexedResource>();
        var outbox = new List<OutboxEntry>();
        var displaced = new HashSet<DisplacedResource>();
        var audits = new List<StoredAudit>();
        var snapshots = new Dictionary<PatientKey, StoredSnapshot>();
        var mark = before;
        foreach (var request in requests)
        {
            switch (request)
            {
                case AppendRequest { Append: var append }:
                    mark = mark with { Sequence = mark.Sequence + 1, PayloadBytes = mark.PayloadBytes + append.Payload.Length };
                    turns.Add(new StoredTurn(append.Patient, append.Number, writer, mark.Sequence, append.Recorded, append.Payload) { NewKey = append.NewKey });
                    foreach (var resource in append.Resources)
                    {
                        if (!resources.TryGetValue(resource.Resource, out var other))
                        {
                            resources.Add(resource.Resource, resource);
                            continue;
                        }
                        var stands = resource.Version > other.Version ? resource : other;
                        if (resource.Patient != other.Patient && resource.Version != other.Version)
                            displaced.Add(new((stands == resource ? other : resource).Patient, resource.Resource));
                        resources[resource.Resource] = stands;
                    }
                    outbox.AddRange(append.Outbox);
                    break;
                case AuditRequest { Audit: var audit }:
                    var chained = new AuditEvent(new AuditPlace(writer.Value, mark.AuditSequence + 1), mark.AuditHash, audit.Entry, audit.Commitment);
                    mark = mark with { AuditSequence = mark.AuditSequence + 1, AuditHash = chained.Digest() };
                    audits.Add(new StoredAudit(chained, mark.AuditHash, audit.SealedPayload));
                    break;
                case SnapshotRequest { Snapshot: var snapshot }:
                    if (!snapshots.TryGetValue(snapshot.Patient, out var older) || snapshot.Number > older.Number)
                        snapshots[snapshot.Patient] = snapshot;
                    break;
            }
        }
        outbox.AddRange(displaced.Select(d => d.ToOutbox()));
        turns.Sort(static (a, b) => string.CompareOrdinal(a.Patient.Value, b.Patient.Value) is var order and not 0 ? order : a.Number.CompareTo(b.Number));
        return new LogBatch(
            writer, before, mark, turns,
            [.. resources.Values.OrderBy(r => r.Resource)], outbox, audits,
            [.. snapshots.Values.OrderBy(s => s.Patient.Value, StringComparer.Ordinal)]);
    }
}
