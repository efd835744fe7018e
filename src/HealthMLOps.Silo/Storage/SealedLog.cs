using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using HealthMLOps.Clinical;

namespace HealthMLOps.Storage;

/// <summary>The log with every turn and snapshot sealed under its patient's key before it is queued, and opened after it is read.</summary>
/// <remarks>
/// A patient's key commits with the first turn that it seals. What former releases left unsealed is read as it is. Turns whose
/// key was destroyed are left out of every answer: nobody can read them any more.
/// </remarks>
public sealed class SealedLog(EventLog log, PatientKeys keys) : IEventLog
{
    public WriterId Writer => log.Writer;

    public async Task<AppendResult> Append(PatientAppend append)
    {
        // A first turn has no key yet; it is held from now on, so that what is pipelined behind it takes the same.
        var cipher = append.Number == 1 ? keys.Held(append.Patient) : await keys.Find(append.Patient, CancellationToken.None);
        if (cipher is null && append.Number > 1 && await keys.IsErased(append.Patient, CancellationToken.None))
            throw new InvalidOperationException("The patient's record was erased; nothing is appended to it.");
        byte[]? wrapped = null;
        if (cipher is null || append.Number == 1)
        {
            (cipher, wrapped) = keys.New(append.Patient);
            keys.Hold(append.Patient, cipher);
        }
        try
        {
            var result = await log.Append(append with { Payload = cipher.Seal(append.Payload, SealedKind.Turn, append.Number), NewKey = wrapped });
            if (result is AppendResult.Lost && wrapped is not null) keys.Drop(append.Patient);
            return result;
        }
        catch when (wrapped is not null)
        {
            keys.Drop(append.Patient); // It may be stored or not: the next one asks.
            throw;
        }
    }

    public void SaveSnapshot(StoredSnapshot snapshot)
    {
        // Without the key at hand it is left out: a snapshot only saves time.
        if (keys.Held(snapshot.Patient) is { } cipher)
            log.SaveSnapshot(snapshot with { Payload = cipher.Seal(snapshot.Payload, SealedKind.Snapshot, snapshot.Number) });
    }

    public async Task<StoredSnapshot?> ReadSnapshot(PatientKey patient, CancellationToken cancellation)
    {
        if (await log.ReadSnapshot(patient, cancellation) is not { } stored || !PatientCipher.IsSealed(stored.Payload)) return null;
        return await keys.Find(patient, cancellation) is { } cipher
            ? stored with { Payload = cipher.Open(stored.Payload, SealedKind.Snapshot, stored.Number) } : null;
    }

    public async IAsyncEnumerable<StoredTurn> ReadPatient(PatientKey patient, long afterNumber, [EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var turn in log.ReadPatient(patient, afterNumber, cancellation))
            if (await Opened(turn, cancellation) is { } opened) yield return opened;
    }

    public async IAsyncEnumerable<StoredTurn> ReadAll([EnumeratorCancellation] CancellationToken cancellation)
    {
        await foreach (var turn in log.ReadAll(cancellation))
            if (await Opened(turn, cancellation) is { } opened) yield return opened;
    }

    public async Task<IReadOnlyList<StoredTurn>> ReadWriter(WriterId writer, long afterSequence, int countMax, CancellationToken cancellation)
    {
        var turns = new List<StoredTurn>();
        foreach (var turn in await log.ReadWriter(writer, afterSequence, countMax, cancellation))
            if (await Opened(turn, cancellation) is { } opened) turns.Add(opened);
        return turns;
    }

    private async ValueTask<StoredTurn?> Opened(StoredTurn turn, CancellationToken cancellation)
    {
        if (!PatientCipher.IsSealed(turn.Payload)) return turn;
        if (await keys.Find(turn.Patient, cancellation) is not { } cipher) return null;
        try { return turn with { Payload = cipher.Open(turn.Payload, SealedKind.Turn, turn.Number) }; }
        catch (CryptographicException)
        {
            // The key at hand may be of a first turn that is just losing to another silo's: the stored one decides.
            keys.Drop(turn.Patient);
            return await keys.Find(turn.Patient, cancellation) is { } stored
                ? turn with { Payload = stored.Open(turn.Payload, SealedKind.Turn, turn.Number) } : null;
        }
    }

    public Task Record(AuditAppend audit) => log.Record(audit);

    public Task<IReadOnlyList<WriterState>> Writers(CancellationToken cancellation) => log.Writers(cancellation);

    public Task<IReadOnlyDictionary<ResourceKey, IndexedResource>> FindResources(IReadOnlyCollection<ResourceKey> resources, CancellationToken cancellation) => log.FindResources(resources, cancellation);

    public Task<IReadOnlyList<OutboxItem>> PendingOutbox(int countMax, CancellationToken cancellation) => log.PendingOutbox(countMax, cancellation);

    public Task CompleteOutbox(long id, CancellationToken cancellation) => log.CompleteOutbox(id, cancellation);

    public Task Fence(WriterId writer, CancellationToken cancellation) => log.Fence(writer, cancellation);

    public Task FenceSilo(string siloAddress, CancellationToken cancellation) => log.FenceSilo(siloAddress, cancellation);

    public Task FenceOthers(CancellationToken cancellation) => log.FenceOthers(cancellation);

    public Task<LogStatistics> Statistics(CancellationToken cancellation) => log.Statistics(cancellation);
}
