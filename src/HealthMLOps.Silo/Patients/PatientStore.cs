using HealthMLOps.Clinical;
using HealthMLOps.Storage;
using Orleans.Serialization;

namespace HealthMLOps.Patients;

/// <summary>Reads and writes patients for their grains: snapshot plus tail, replays, encoded turns.</summary>
public sealed class PatientStore(IEventLog log, TurnCodec turns, Serializer<PatientState> states)
{
    /// <summary>Grows with every change of what a snapshot holds; snapshots of another format are not read, the log is.</summary>
    private const byte SnapshotFormat = 1;

    public const string RetractKind = "retract";

    /// <summary>The state after the last committed turn, and the turn of the snapshot that it began with.</summary>
    public async Task<(PatientState State, long SnapshotNumber)> Load(PatientKey patient, CancellationToken cancellation)
    {
        var state = PatientState.Empty;
        if (await log.ReadSnapshot(patient, cancellation) is { } snapshot && snapshot.Payload is [SnapshotFormat, ..])
            state = (states.Deserialize(snapshot.Payload.AsMemory(1)) ?? PatientState.Empty) with { Number = snapshot.Number };
        var from = state.Number;
        await foreach (var stored in log.ReadPatient(patient, from, cancellation))
        {
            var turn = turns.Decode(stored.Payload);
            var change = state.Timeline.Admit(turn.Facts);
            if (change.MustReplay)
            {
                var whole = await Facts(patient, stored.Number, cancellation);
                state = state.After(stored.Number, Timeline.Of(whole), turn.Predictions);
            }
            else state = state.After(stored.Number, change.After, turn.Predictions);
        }
        return (state, from);
    }

    /// <summary>The bounded timeline of everything in the log and some facts that are about to join it.</summary>
    public async Task<Timeline> Replay(PatientKey patient, IEnumerable<Fact> joining)
    {
        var facts = await Facts(patient, long.MaxValue, CancellationToken.None);
        facts.AddRange(joining);
        return Timeline.Of(facts);
    }

    /// <summary>The whole, unbounded timeline as it was known at a time.</summary>
    public async Task<Timeline> AsKnown(PatientKey patient, DateTimeOffset knownAt) =>
        Timeline.Of(await Facts(patient, long.MaxValue, CancellationToken.None), knownAt);

    /// <summary>Every version of every resource that the patient's log holds.</summary>
    public async Task<HashSet<(ResourceKey, ResourceVersion, FactStanding)>> Versions(PatientKey patient) =>
        [.. (await Facts(patient, long.MaxValue, CancellationToken.None)).Select(f => (f.Resource, f.Version, f.Standing))];

    public void SaveSnapshot(PatientKey patient, PatientState state) =>
        log.SaveSnapshot(new StoredSnapshot(patient, state.Number, [SnapshotFormat, .. states.SerializeToArray(state)]));

    public byte[] Encode(PatientTurn turn) => turns.Encode(turn);

    /// <summary>The outbox entry that withdraws a resource from its former patient.</summary>
    public OutboxEntry Retraction(PatientKey former, Fact fact) =>
        new(RetractKind, turns.Encode(new PatientTurn
        {
            Recorded = fact.Recorded,
            Facts = [fact with { Standing = FactStanding.Moved, Entries = [], UnusedBecause = former.Value }],
        }));

    private async Task<List<Fact>> Facts(PatientKey patient, long upTo, CancellationToken cancellation)
    {
        var facts = new List<Fact>();
        await foreach (var stored in log.ReadPatient(patient, 0, cancellation))
        {
            if (stored.Number > upTo) break;
            facts.AddRange(turns.Decode(stored.Payload).Facts);
        }
        return facts;
    }
}
