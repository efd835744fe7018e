using System.Data.Common;
using System.Security.Cryptography;
using HealthMLOps.Clinical;

namespace HealthMLOps.Storage;

/// <summary>What could not be used, kept until somebody has looked at it or it was replayed after a fix.</summary>
public sealed class QuarantineStore(Database database)
{
    private const int FingerprintBytes = 32;
    private const string Columns = "id, arrived_ticks, source, reason, status, detail, times";

    /// <summary>Keeps one item. Durable on return; the same payload refused for the same reason is kept once and counted.</summary>
    /// <returns>The item's number.</returns>
    public async Task<long> Add(NewQuarantineItem item, CancellationToken cancellation) =>
        (await database.Change(
            """
            INSERT INTO quarantine (arrived_ticks, source, reason, status, detail, payload, fingerprint, times, context)
            VALUES (@arrived, @source, @reason, @status, @detail, @payload, @fingerprint, 1, @context)
            ON CONFLICT (source, reason, fingerprint) DO UPDATE SET times = quarantine.times + 1, status = excluded.status, detail = excluded.detail
            RETURNING id
            """,
            row => row.GetInt64(0), cancellation,
            ("@arrived", item.Arrived.UtcTicks), ("@source", item.Source.Value), ("@reason", item.Reason), ("@status", QuarantineItem.Waiting),
            ("@detail", item.Detail), ("@payload", item.SealedPayload), ("@fingerprint", item.Fingerprint), ("@context", item.SealedContext)))[0];

    /// <summary>Items by number from <paramref name="afterId"/> (exclusive), without their payloads.</summary>
    public Task<IReadOnlyList<QuarantineItem>> Find(QuarantineFilter filter, long afterId, int countMax, CancellationToken cancellation)
    {
        var conditions = new List<string> { "id > @after" };
        var parameters = new List<(string, object?)> { ("@after", afterId), ("@count", countMax) };
        if (filter.Source is { } source) { conditions.Add("source = @source"); parameters.Add(("@source", source.Value)); }
        if (filter.Reason is { } reason) { conditions.Add("reason = @reason"); parameters.Add(("@reason", reason)); }
        if (filter.Status is { } status) { conditions.Add("status = @status"); parameters.Add(("@status", status)); }
        return database.Query(
            $"SELECT {Columns} FROM quarantine WHERE {string.Join(" AND ", conditions)} ORDER BY id LIMIT @count", ItemOf, cancellation, [.. parameters]);
    }

    /// <summary>One item with its payload as the caller sealed it; null where there is none.</summary>
    public async Task<StoredQuarantineItem?> Get(long id, CancellationToken cancellation)
    {
        var found = await database.Query(
            $"SELECT {Columns}, payload, context FROM quarantine WHERE id = @id",
            row => new StoredQuarantineItem(ItemOf(row), row.GetFieldValue<byte[]>(7), row.IsDBNull(8) ? null : row.GetFieldValue<byte[]>(8)),
            cancellation, ("@id", id));
        return found.Count == 0 ? null : found[0];
    }

    /// <summary>Marks an item as replayed or discarded. Repeating it changes nothing; false where there is no such item.</summary>
    public async Task<bool> Mark(long id, string status, CancellationToken cancellation) =>
        await database.Change("UPDATE quarantine SET status = @status WHERE id = @id", cancellation, ("@status", status), ("@id", id)) == 1;

    /// <summary>Takes the payload and context of an item away for ever; that it was, when and why it was refused stays. A repeat changes nothing.</summary>
    public async Task Erase(long id, CancellationToken cancellation)
    {
        const string sql = "UPDATE quarantine SET status = @status, payload = @none, context = NULL, fingerprint = @noise WHERE id = @id";
        // A new fingerprint, so that the same bytes sent again are not counted here.
        (string, object?)[] parameters = [("@status", QuarantineItem.Erased), ("@none", Array.Empty<byte>()), ("@noise", RandomNumberGenerator.GetBytes(FingerprintBytes)), ("@id", id)];
        if (database.Provider == StorageProvider.Postgres)
        {
            await database.Change(sql, cancellation, parameters);
            return;
        }
        await database.OnSqlite(connection =>
        {
            SecureDelete.While(connection, () =>
            {
                using var command = Database.Command(connection, sql, parameters);
                command.ExecuteNonQuery();
            });
            return true;
        });
    }

    private static QuarantineItem ItemOf(DbDataReader row) => new(
        row.GetInt64(0), new DateTimeOffset(row.GetInt64(1), TimeSpan.Zero), new SourceName(row.GetString(2)), row.GetString(3), row.GetString(4), row.GetString(5), row.GetInt64(6));
}
