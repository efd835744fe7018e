using HealthMLOps.Clinical;

namespace HealthMLOps.Storage;

/// <summary>Resources that an EHR has told us of and that must still be read from it.</summary>
public sealed class PendingFetchStore(Database database)
{
    /// <summary>Remembers what to read. A resource that already waits is asked for once more, at once: it has changed again.</summary>
    public async Task Add(SourceName source, ResourceKey resource, byte[] sealedId, DateTimeOffset asked, CancellationToken cancellation) =>
        await database.Change(
            """
            INSERT INTO pending_fetch (source, resource, sealed_id, asked_ticks, asks, attempts, next_ticks)
            VALUES (@source, @resource, @sealed, @asked, 1, 0, @asked)
            ON CONFLICT (source, resource) DO UPDATE SET
                asks = pending_fetch.asks + 1, attempts = 0, asked_ticks = excluded.asked_ticks, next_ticks = excluded.next_ticks
            """,
            cancellation, ("@source", source.Value), ("@resource", resource.ToBytes()), ("@sealed", sealedId), ("@asked", asked.UtcTicks));

    /// <summary>What is due, longest waiting first.</summary>
    public Task<IReadOnlyList<PendingFetch>> Due(DateTimeOffset now, int countMax, CancellationToken cancellation) =>
        database.Query(
            """
            SELECT id, source, resource, sealed_id, asked_ticks, asks, attempts FROM pending_fetch
            WHERE next_ticks <= @now ORDER BY next_ticks, id LIMIT @count
            """,
            row => new PendingFetch(
                row.GetInt64(0), new SourceName(row.GetString(1)), ResourceKey.From(row.GetFieldValue<byte[]>(2)), row.GetFieldValue<byte[]>(3),
                new DateTimeOffset(row.GetInt64(4), TimeSpan.Zero), row.GetInt64(5), row.GetInt32(6)),
            cancellation, ("@now", now.UtcTicks), ("@count", countMax));

    /// <summary>Forgets what was read, unless it was asked for again meanwhile.</summary>
    public async Task Complete(PendingFetch fetched, CancellationToken cancellation) =>
        await database.Change("DELETE FROM pending_fetch WHERE id = @id AND asks = @asks", cancellation, ("@id", fetched.Id), ("@asks", fetched.Asks));

    /// <summary>Counts a failed attempt and waits until <paramref name="next"/>, unless it was asked for again meanwhile.</summary>
    public async Task Postpone(PendingFetch failed, DateTimeOffset next, CancellationToken cancellation) =>
        await database.Change("UPDATE pending_fetch SET attempts = attempts + 1, next_ticks = @next WHERE id = @id AND asks = @asks",
            cancellation, ("@next", next.UtcTicks), ("@id", failed.Id), ("@asks", failed.Asks));

    public async Task<long> Count(CancellationToken cancellation) =>
        (await database.Query("SELECT count(*) FROM pending_fetch", row => row.GetInt64(0), cancellation))[0];
}
