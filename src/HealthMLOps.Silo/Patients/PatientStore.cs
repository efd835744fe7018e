using System.Buffers.Binary;
using System.IO.Hashing;
using HealthMLOps.Clinical;
using HealthMLOps.Storage;
using Orleans.Serialization;

namespace HealthMLOps.Patients;

/// <summary>Reads and writes patients for their grains: snapshot plus tail, replays, encoded turns.</summary>
/// <remarks>A snapshot is a format byte, the XXH3 checksum of the rest (8 bytes, big-endian), and the serialized state.</remarks>
public sealed partial class PatientStore(IEventLog log, TurnCodec turns, Serializer<PatientState> states, ILogger<PatientStore> logger)
{
    /// <summary>Grows with every change of what a snapshot holds; snapshots of another format are not read, the log is.</summary>
    private const byte SnapshotFormat = 2;

    private const int HeaderBytes = 1 + sizeof(ulong);

    /// <summary>The state after the last committed turn, and the turn of the snapshot that it began with.</summary>
    public async Task<(PatientState State, long SnapshotNumber)> Load(PatientKey patient, CancellationToken cancellation)
    {
        var state = await log.ReadSnapshot(patient, cancellation) is { } snapshot && Opened(snapshot) is { } held ? held : PatientState.Empty;
        var from = state.Number;
        await foreach (var stored in log.ReadPatient(patient, from, cancellation))
        {
            var turn = turns.Decode(stored.Payload);
            var change = state.Timeline.Admit(turn.Facts);
            var timeline = change.MustReplay ? Timeline.Of(await Facts(patient, stored.Number, cancellation)) : change.After;
            state = state.After(stored.Number, timeline, turn);
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
    public Task<Timeline> AsKnown(PatientKey patient, DateTimeOffset knownAt) => AsKnown(patient, knownAt, []);

    /// <summary>The same with some facts that are about to join the log.</summary>
    public async Task<Timeline> AsKnown(PatientKey patient, DateTimeOffset knownAt, IEnumerable<Fact> joining)
    {
        var facts = await Facts(patient, long.MaxValue, CancellationToken.None);
        facts.AddRange(joining);
        return Timeline.Of(facts, knownAt);
    }

    /// <summary>Which of these facts the patient's log may hold already, as far as the index tells without reading it.</summary>
    public async Task<IReadOnlySet<ResourceKey>> KnownAmong(IReadOnlyCollection<Fact> facts)
    {
        var index = await log.FindResources([.. facts.Select(f => f.Resource).Distinct()], CancellationToken.None);
        return facts.Where(f => index.TryGetValue(f.Resource, out var known) && (known.Version >= f.Version || f.IsUnversioned()))
            .Select(f => f.Resource).ToHashSet();
    }

    /// <summary>Every version of every resource that the patient's log holds.</summary>
    public async Task<HashSet<FactIdentity>> Identities(PatientKey patient) =>
        [.. (await Facts(patient, long.MaxValue, CancellationToken.None)).Select(FactIdentity.Of)];

    public void SaveSnapshot(PatientKey patient, PatientState state)
    {
        var content = states.SerializeToArray(state);
        var payload = new byte[HeaderBytes + content.Length];
        payload[0] = SnapshotFormat;
        content.CopyTo(payload, HeaderBytes);
        BinaryPrimitives.WriteUInt64BigEndian(payload.AsSpan(1), XxHash3.HashToUInt64(content));
        log.SaveSnapshot(new StoredSnapshot(patient, state.Number, payload));
    }

    public byte[] Encode(PatientTurn turn) => turns.Encode(turn);

    /// <summary>The state in a snapshot, or null where it is damaged, of another format or of other bounds: the log has it all.</summary>
    private PatientState? Opened(StoredSnapshot snapshot)
    {
        var payload = snapshot.Payload;
        if (payload is not [SnapshotFormat, ..] || payload.Length < HeaderBytes) return null;
        if (XxHash3.HashToUInt64(payload.AsSpan(HeaderBytes)) != BinaryPrimitives.ReadUInt64BigEndian(payload.AsSpan(1)))
        {
            IgnoredSnapshot(null, snapshot.Patient);
            return null;
        }
        try
        {
            var state = states.Deserialize(payload.AsMemory(HeaderBytes));
            return state?.Number == snapshot.Number && state.Timeline.Bounds == Timeline.Empty.Bounds ? state : null;
        }
        catch (Exception e) // Another release may have written what this one can't read; nothing is lost by reading the log.
        {
            IgnoredSnapshot(e, snapshot.Patient);
            return null;
        }
    }

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

    [LoggerMessage(Level = LogLevel.Warning, Message = "Ignored an unreadable snapshot of {Patient} and read the log instead")]
    private partial void IgnoredSnapshot(Exception? error, PatientKey patient);
}
