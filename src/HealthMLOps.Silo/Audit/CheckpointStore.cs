using HealthMLOps.Storage;

namespace HealthMLOps.Audit;

/// <summary>Signed checkpoints and the public keys that they were signed with. Neither is ever changed.</summary>
public sealed class CheckpointStore(Database database)
{
    /// <summary>Stores a checkpoint; of two of the same size the first stands.</summary>
    public Task Add(SignedCheckpoint signed, CancellationToken cancellation) =>
        database.Change("INSERT INTO audit_checkpoints (size, at_ticks, note) VALUES (@size, @at, @note) ON CONFLICT (size) DO NOTHING",
            cancellation, ("@size", signed.Checkpoint.Size), ("@at", signed.Checkpoint.At.UtcTicks), ("@note", signed.Note));

    public async Task<SignedCheckpoint?> Last(CancellationToken cancellation) =>
        (await Read("ORDER BY size DESC LIMIT 1", cancellation)).SingleOrDefault();

    /// <summary>The first checkpoint that covers so many entries.</summary>
    public async Task<SignedCheckpoint?> Covering(long size, CancellationToken cancellation) =>
        (await Read("WHERE size >= @from ORDER BY size LIMIT 1", cancellation, ("@from", size))).SingleOrDefault();

    /// <summary>Checkpoints of sizes [from, to], the smallest first.</summary>
    public Task<IReadOnlyList<SignedCheckpoint>> Between(long from, long to, int countMax, CancellationToken cancellation) =>
        Read("WHERE size >= @from AND size <= @to ORDER BY size LIMIT @count", cancellation, ("@from", from), ("@to", to), ("@count", countMax));

    /// <summary>Makes a key known, once.</summary>
    public Task Add(AuditKey key, DateTimeOffset since, CancellationToken cancellation) =>
        database.Change("INSERT INTO audit_keys (id, line, since_ticks) VALUES (@id, @line, @since) ON CONFLICT (id) DO NOTHING",
            cancellation, ("@id", key.IdText), ("@line", key.ToString()), ("@since", since.UtcTicks));

    /// <summary>All keys that ever signed, the oldest first.</summary>
    public Task<IReadOnlyList<AuditKey>> Keys(CancellationToken cancellation) =>
        database.Query("SELECT line FROM audit_keys ORDER BY since_ticks, id", row => AuditKey.Parse(row.GetString(0)), cancellation);

    private Task<IReadOnlyList<SignedCheckpoint>> Read(string which, CancellationToken cancellation, params (string, object?)[] parameters) =>
        database.Query($"SELECT note FROM audit_checkpoints {which}",
            row => SignedCheckpoint.Parse(row.GetString(0)) ?? throw new RecordBroken("A stored checkpoint of the record is damaged."), cancellation, parameters);
}
