using HealthMLOps.Clinical;

namespace HealthMLOps.Storage;

/// <summary>How far a writer has come.</summary>
/// <param name="Sequence">Its highest committed sequence of turns.</param>
/// <param name="AccessSequence">Its highest committed sequence of access records.</param>
/// <param name="AccessHash">The hash of that access record.</param>
/// <param name="PayloadBytes">All payload that it has appended.</param>
internal sealed record WriterMark(long Sequence, long AccessSequence, byte[] AccessHash, long PayloadBytes)
{
    public static WriterMark Start => new(0, 0, AccessChain.Start, 0);

    public bool IsAt(WriterMark other) => Sequence == other.Sequence && AccessSequence == other.AccessSequence;
}

/// <summary>One transaction as the database must write it: sequences are given, hashes are chained, each resource occurs once.</summary>
/// <remarks>Turns, resources and snapshots are sorted by key, so that two writers always lock rows in the same order.</remarks>
internal sealed record LogBatch(
    WriterId Writer, WriterMark Before, WriterMark After,
    IReadOnlyList<StoredTurn> Turns, IReadOnlyList<IndexedResource> Resources, IReadOnlyList<OutboxEntry> Outbox,
    IReadOnlyList<StoredAccess> Accesses, IReadOnlyList<StoredSnapshot> Snapshots)
{
    /// <summary>Whether the writer's row will show that this was committed.</summary>
    public bool Changes => !Before.IsAt(After);

    public static LogBatch Of(WriterId writer, WriterMark before, IReadOnlyList<LogRequest> requests)
    {
        var turns = new List<StoredTurn>();
        var resources = new Dictionary<ResourceKey, IndexedResource>();
        var outbox = new List<OutboxEntry>();
        var displaced = new HashSet<DisplacedResource>();
        var accesses = new List<StoredAccess>();
        var snapshots = new Dictionary<PatientKey, StoredSnapshot>();
        var mark = before;
        foreach (var request in requests)
        {
            switch (request)
            {
                case AppendRequest { Append: var append }:
                    mark = mark with { Sequence = mark.Sequence + 1, PayloadBytes = mark.PayloadBytes + append.Payload.Length };
                    turns.Add(new StoredTurn(append.Patient, append.Number, writer, mark.Sequence, append.Recorded, append.Payload));
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
                case AccessRequest { Access: var access }:
                    var hash = AccessChain.Next(mark.AccessHash, writer, mark.AccessSequence + 1, access);
                    mark = mark with { AccessSequence = mark.AccessSequence + 1, AccessHash = hash };
                    accesses.Add(new StoredAccess(access, writer, mark.AccessSequence, hash));
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
            [.. resources.Values.OrderBy(r => r.Resource)], outbox, accesses,
            [.. snapshots.Values.OrderBy(s => s.Patient.Value, StringComparer.Ordinal)]);
    }
}
