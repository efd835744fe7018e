using System.Data.Common;
using System.Runtime.CompilerServices;
using HealthMLOps.Audit;
using HealthMLOps.Clinical;
using Microsoft.Data.Sqlite;
using Npgsql;

namespace HealthMLOps.Storage;

/// <summary>The log over either database: appends go through group commit, reads go beside it.</summary>
public sealed class EventLog(Database database, LogLimits limits, TimeProvider clock) : IEventLog, IAsyncDisposable
{
    /// <summary>Turns read at a time while streaming: no transaction stays open across a slow reader.</summary>
    private const int PageRows = 500;

    /// <summary>Resources asked of SQLite in one statement: its parameters are found by name, one after another, so few are quicker.</summary>
    private const int KeysInStatement = 16;

    private const string Turn = "patient, number, writer, sequence, recorded_ticks, payload";

    private GroupCommit? _commit;
    private ILogDatabase? _writes;
    private WriterId _writer;

    public WriterId Writer => _commit is null ? throw NotOpen() : _writer;

    /// <summary>Registers a new writer for this silo and begins to take appends. The schema must be there.</summary>
    public async Task Open(string siloAddress, CancellationToken cancellation)
    {
        if (_commit is not null) throw new InvalidOperationException($"The log is already open, as writer {_writer.Value}.");
        _writer = await Register(siloAddress, cancellation);
        if (database.Source is NpgsqlDataSource postgres) _writes = new PostgresLogDatabase(postgres);
        else
        {
            var sqlite = new SqliteLogDatabase(database);
            await sqlite.Open();
            _writes = sqlite;
        }
        _commit = new GroupCommit(_writer, _writes, limits, clock);
        _commit.Start();
    }

    /// <summary>Completes when a commit has found that a successor fenced this writer.</summary>
    public Task WhenFenced => (_commit ?? throw NotOpen()).WhenFenced;

    public Task<AppendResult> Append(PatientAppend append) => (_commit ?? throw NotOpen()).Append(append);

    public Task Record(AuditAppend audit) => (_commit ?? throw NotOpen()).Record(audit);

    public void SaveSnapshot(StoredSnapshot snapshot) => (_commit ?? throw NotOpen()).Save(snapshot);

    public async Task<StoredSnapshot?> ReadSnapshot(PatientKey patient, CancellationToken cancellation)
    {
        var found = await database.Query("SELECT number, payload FROM snapshots WHERE patient = @patient",
            row => new StoredSnapshot(patient, row.GetInt64(0), row.GetFieldValue<byte[]>(1)), cancellation, ("@patient", patient.Value));
        return found.Count == 0 ? null : found[0];
    }

    public async IAsyncEnumerable<StoredTurn> ReadPatient(PatientKey patient, long afterNumber, [EnumeratorCancellation] CancellationToken cancellation)
    {
        IReadOnlyList<StoredTurn> page;
        do
        {
            page = await database.Query(
                $"SELECT {Turn} FROM log WHERE patient = @patient AND number > @after ORDER BY number LIMIT {PageRows}",
                TurnOf, cancellation, ("@patient", patient.Value), ("@after", afterNumber));
            foreach (var turn in page)
            {
                yield return turn;
                afterNumber = turn.Number;
            }
        }
        while (page.Count == PageRows);
    }

    public async IAsyncEnumerable<StoredTurn> ReadAll([EnumeratorCancellation] CancellationToken cancellation)
    {
        // The cut: what each writer had committed when reading began. Later turns are left out, so that the answer is one state.
        var cut = (await Writers(cancellation)).ToDictionary(w => w.Writer, w => w.LastSequence);
        var (patient, number) = ("", 0L);
        IReadOnlyList<StoredTurn> page;
        do
        {
            page = await database.Query(
                $"SELECT {Turn} FROM log WHERE (patient, number) > (@patient, @number) ORDER BY patient, number LIMIT {PageRows}",
                TurnOf, cancellation, ("@patient", patient), ("@number", number));
            foreach (var turn in page)
            {
                if (turn.Sequence <= cut.GetValueOrDefault(turn.Writer)) yield return turn;
                (patient, number) = (turn.Patient.Value, turn.Number);
            }
        }
        while (page.Count == PageRows);
    }

    public Task<IReadOnlyList<StoredTurn>> ReadWriter(WriterId writer, long afterSequence, int countMax, CancellationToken cancellation) =>
        database.Query($"SELECT {Turn} FROM log WHERE writer = @writer AND sequence > @after ORDER BY sequence LIMIT @count",
            TurnOf, cancellation, ("@writer", writer.Value), ("@after", afterSequence), ("@count", countMax));

    public Task<IReadOnlyList<WriterState>> Writers(CancellationToken cancellation) =>
        database.Query("SELECT id, silo_address, last_sequence, fenced FROM writers ORDER BY id",
            row => new WriterState(new WriterId(row.GetInt64(0)), row.GetString(1), row.GetInt64(2), row.GetBoolean(3)), cancellation);

    public async Task<IReadOnlyDictionary<ResourceKey, IndexedResource>> FindResources(IReadOnlyCollection<ResourceKey> resources, CancellationToken cancellation)
    {
        if (resources.Count == 0) return new Dictionary<ResourceKey, IndexedResource>();
        if (database.Provider == StorageProvider.Sqlite) return await FindInSqlite(resources, cancellation);
        var rows = await database.Query($"SELECT {LogSql.ResourceColumns} FROM resource_index WHERE resource = ANY(@keys)",
            LogSql.ResourceOf, cancellation, ("@keys", resources.Select(r => r.ToBytes()).ToArray()));
        return rows.ToDictionary(r => r.Resource);
    }

    public Task<IReadOnlyList<OutboxItem>> PendingOutbox(int countMax, CancellationToken cancellation) =>
        database.Query("SELECT id, kind, payload FROM outbox ORDER BY id LIMIT @count",
            row => new OutboxItem(row.GetInt64(0), row.GetString(1), row.GetFieldValue<byte[]>(2)), cancellation, ("@count", countMax));

    public Task CompleteOutbox(long id, CancellationToken cancellation) =>
        database.Change("DELETE FROM outbox WHERE id = @id", cancellation, ("@id", id));

    public Task Fence(WriterId writer, CancellationToken cancellation) =>
        database.Change("UPDATE writers SET fenced = true WHERE id = @id", cancellation, ("@id", writer.Value));

    public Task FenceSilo(string siloAddress, CancellationToken cancellation) =>
        database.Change("UPDATE writers SET fenced = true WHERE silo_address = @address AND id <> @own AND NOT fenced",
            cancellation, ("@address", siloAddress), ("@own", _writer.Value));

    public Task FenceOthers(CancellationToken cancellation) =>
        database.Change("UPDATE writers SET fenced = true WHERE id <> @own AND NOT fenced", cancellation, ("@own", Writer.Value));

    public async Task<LogStatistics> Statistics(CancellationToken cancellation)
    {
        var recent = database.Provider == StorageProvider.Postgres ? "0"
            : "(SELECT count(DISTINCT resource) FROM resource_recent AS r WHERE NOT EXISTS (SELECT 1 FROM resource_index AS i WHERE i.resource = r.resource))";
        return (await database.Query(
            $"""
            SELECT CAST((SELECT coalesce(sum(last_sequence), 0) FROM writers) AS bigint), (SELECT count(*) FROM log WHERE number = 1 AND substr(patient, 1, 15) <> @nobody),
                (SELECT count(*) FROM resource_index) + {recent}, CAST((SELECT coalesce(sum(payload_bytes), 0) FROM writers) AS bigint)
            """,
            row => new LogStatistics(row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3)), cancellation, ("@nobody", Nobody.Beginning)))[0];
    }

    /// <summary>Commits what waits, then ends.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_commit is not null) await _commit.Stop();
        if (_writes is not null) await _writes.DisposeAsync();
    }

    /// <summary>What is recent is looked at first, since rows go from there into the index and never back.</summary>
    private async Task<Dictionary<ResourceKey, IndexedResource>> FindInSqlite(IReadOnlyCollection<ResourceKey> resources, CancellationToken cancellation)
    {
        var recent = database.Recent.Held;
        var found = new Dictionary<ResourceKey, IndexedResource>(resources.Count);
        await using var connection = await database.Source.OpenConnectionAsync(cancellation);
        await using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {LogSql.ResourceColumns} FROM resource_index WHERE resource IN ({string.Join(',', Enumerable.Range(0, KeysInStatement).Select(i => $"${i}"))})";
        for (var i = 0; i < KeysInStatement; i++) command.Parameters.Add(new SqliteParameter { ParameterName = $"${i}" });
        foreach (var keys in resources.Order().Chunk(KeysInStatement))
        {
            for (var i = 0; i < KeysInStatement; i++) command.Parameters[i].Value = keys[Math.Min(i, keys.Length - 1)].ToBytes();
            await using var reader = await command.ExecuteReaderAsync(cancellation);
            while (await reader.ReadAsync(cancellation))
            {
                var resource = LogSql.ResourceOf(reader);
                found[resource.Resource] = resource;
            }
        }
        foreach (var key in resources)
            if (recent.Newest(key, found.GetValueOrDefault(key)) is { } newest) found[key] = newest;
        return found;
    }

    private async Task<WriterId> Register(string siloAddress, CancellationToken cancellation)
    {
        // Two silos that register at once would read the same maximum; the primary key lets one through, the other asks again.
        while (true)
        {
            var added = await database.Change(
                """
                INSERT INTO writers (id, silo_address, last_access_hash) SELECT coalesce(max(id), 0) + 1, @address, @hash FROM writers WHERE true
                ON CONFLICT (id) DO NOTHING RETURNING id
                """,
                row => row.GetInt64(0), cancellation, ("@address", siloAddress), ("@hash", AuditEvent.NoPrevious));
            if (added.Count == 1) return new WriterId(added[0]);
        }
    }

    private static StoredTurn TurnOf(DbDataReader row) => new(
        new PatientKey(row.GetString(0)), row.GetInt64(1), new WriterId(row.GetInt64(2)), row.GetInt64(3),
        new DateTimeOffset(row.GetInt64(4), TimeSpan.Zero), row.GetFieldValue<byte[]>(5));

    private static InvalidOperationException NotOpen() => new("The event log is not open yet.");
}
