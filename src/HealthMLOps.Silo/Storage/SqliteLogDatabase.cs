using HealthMLOps.Clinical;
using Microsoft.Data.Sqlite;

namespace HealthMLOps.Storage;

/// <summary>The log's transactions on SQLite: prepared statements, row by row, on the database's writing thread.</summary>
internal sealed class SqliteLogDatabase(Database database) : ILogDatabase
{
    /// <summary>SQLite's primary result codes for content that it refuses: TOOBIG, CONSTRAINT, MISMATCH, RANGE.</summary>
    private static readonly int[] RefusalCodes = [18, 19, 20, 25];

    /// <summary>Rows that one commit takes along into the resource index, besides twice as many as it brings.</summary>
    private const int MergedRowsMin = 4_000;

    private readonly RecentResources _recent = database.Recent;
    private Statements? _statements;

    /// <summary>The newest row of <c>resource_recent</c> that the merge under way takes.</summary>
    private long _mergedUpTo;

    /// <summary>Reads what a former process left to be merged.</summary>
    public Task Open() => database.OnSqlite(connection =>
    {
        _recent.Load(Recent(connection));
        return true;
    });

    public Task<CommitOutcome> TryCommit(LogBatch batch) => database.OnSqlite(connection =>
    {
        if (_statements?.Connection != connection)
        {
            _statements?.Dispose();
            _statements = new Statements(connection);
        }
        Merge(connection, _statements, Math.Max(MergedRowsMin, 2 * batch.Resources.Count));
        using var transaction = connection.BeginTransaction(deferred: false);
        _statements.Transaction = transaction;
        var outcome = _statements.Write(batch, _recent);
        if (outcome is not CommitOutcome.Committed) return outcome;
        transaction.Commit();
        _recent.Add(batch.Resources);
        return outcome;
    });

    /// <summary>Moves some recent rows into the index, in key order. Before the batch, so that its own outcome stays clear.</summary>
    private void Merge(SqliteConnection connection, Statements statements, int rowsMax)
    {
        if (_recent.IsFull)
        {
            _recent.BeginMerge();
            _mergedUpTo = LastRecent(connection);
        }
        if (!_recent.IsMerging) return;
        var slice = _recent.Slice(rowsMax);
        using var transaction = connection.BeginTransaction(deferred: false);
        statements.Index(slice);
        if (_recent.IsLast(slice)) statements.Forget(_mergedUpTo);
        transaction.Commit();
        _recent.Merged(slice.Length);
    }

    public Task<WriterReading> ReadBack(WriterId writer) => database.OnSqlite(connection =>
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT last_sequence, last_access_sequence, last_access_hash, payload_bytes, fenced FROM writers WHERE id = $id";
        command.Parameters.AddWithValue("$id", writer.Value);
        using var reader = command.ExecuteReader();
        if (!reader.Read()) throw new InvalidOperationException($"Writer {writer.Value} is not in the database any more.");
        var reading = new WriterReading(
            new WriterMark(reader.GetInt64(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2), reader.GetInt64(3)), reader.GetBoolean(4));
        _recent.Load(Recent(connection)); // Whatever landed of the broken commit is here.
        return reading;
    });

    public bool IsRefusal(Exception failure) => failure is SqliteException { SqliteErrorCode: var code } && RefusalCodes.Contains(code);

    /// <summary>The connection belongs to the database; only the statements are ours.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_statements is not { } statements) return;
        _statements = null;
        await database.OnSqlite(_ =>
        {
            statements.Dispose();
            return true;
        });
    }

    internal static List<IndexedResource> Recent(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT {LogSql.ResourceColumns} FROM resource_recent ORDER BY id";
        using var reader = command.ExecuteReader();
        var rows = new List<IndexedResource>();
        while (reader.Read()) rows.Add(LogSql.ResourceOf(reader));
        return rows;
    }

    private static long LastRecent(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT coalesce(max(id), 0) FROM resource_recent";
        return (long)command.ExecuteScalar()!;
    }

    private sealed class Statements(SqliteConnection connection) : IDisposable
    {
        private readonly SqliteStatement _advance = new(connection,
            """
            UPDATE writers SET last_sequence = $1, last_access_sequence = $2, last_access_hash = $3, payload_bytes = $4
            WHERE id = $5 AND NOT fenced AND last_sequence = $6 AND last_access_sequence = $7
            """);

        private readonly SqliteStatement _turn = new(connection,
            """
            INSERT INTO log (patient, number, writer, sequence, recorded_ticks, payload) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (patient, number) DO NOTHING
            """);

        private readonly SqliteStatement _recent = new(connection,
            $"INSERT INTO resource_recent ({LogSql.ResourceColumns}) VALUES ($1, $2, $3, $4, $5, $6, $7)");

        private readonly SqliteStatement _index = new(connection,
            $"INSERT INTO resource_index ({LogSql.ResourceColumns}) VALUES ($1, $2, $3, $4, $5, $6, $7) {LogSql.UpsertResource} RETURNING CASE WHEN displaced <> patient THEN displaced END");

        private readonly SqliteStatement _forget = new(connection, "DELETE FROM resource_recent WHERE id <= $1");

        private readonly SqliteStatement _outbox = new(connection, "INSERT INTO outbox (kind, payload) VALUES ($1, $2)");

        private readonly SqliteStatement _audit = new(connection,
            """
            INSERT INTO audit_log (writer, sequence, at_ticks, person, account, role, purpose, action, outcome, object, patient, correlation, commitment, hash)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
            """);

        private readonly SqliteStatement _payload = new(connection, "INSERT INTO audit_payloads (writer, sequence, sealed) VALUES ($1, $2, $3)");

        private readonly SqliteStatement _snapshot = new(connection,
            $"INSERT INTO snapshots (patient, number, payload) VALUES ($1, $2, $3) {LogSql.UpsertSnapshot}");

        private readonly SqliteStatement _key = new(connection, "INSERT INTO patient_keys (patient, wrapped) VALUES ($1, $2) ON CONFLICT (patient) DO NOTHING");

        private readonly Dictionary<ResourceKey, IndexedResource> _claimed = [];

        public SqliteConnection Connection { get; } = connection;

        /// <summary>The transaction under way; commands that read beside the prepared statements need its name.</summary>
        public SqliteTransaction? Transaction { get; set; }

        public CommitOutcome Write(LogBatch batch, RecentResources recent)
        {
            var (after, before) = (batch.After, batch.Before);
            var advanced = _advance.Run(
                after.Sequence, after.AuditSequence, after.AuditHash, after.PayloadBytes, batch.Writer.Value, before.Sequence, before.AuditSequence);
            if (advanced == 0) return new CommitOutcome.Refused();

            HashSet<long>? lost = null;
            foreach (var t in batch.Turns)
            {
                if (_turn.Run(t.Patient.Value, t.Number, t.Writer.Value, t.Sequence, t.Recorded.UtcTicks, t.Payload) == 0)
                    (lost ??= []).Add(t.Sequence);
            }
            if (lost is not null) return new CommitOutcome.Conflicts(lost);

            foreach (var t in batch.Keyed)
                if (_key.Run(t.Patient.Value, t.NewKey) == 0) throw LogSql.SecondKey();

            var displaced = new List<DisplacedResource>();
            _claimed.Clear();
            foreach (var r in batch.Resources)
            {
                Run(_recent, r);
                if (Claims(r, recent) is { } loser) displaced.Add(new DisplacedResource(loser, r.Resource));
            }
            foreach (var d in displaced) Promise(d.ToOutbox());
            foreach (var o in batch.Outbox) Promise(o);
            foreach (var a in batch.Audits) Keep(a);
            foreach (var s in batch.Snapshots) _snapshot.Run(s.Patient.Value, s.Number, s.Payload);
            return new CommitOutcome.Committed();
        }

        private void Keep(StoredAudit audit)
        {
            var (place, entry) = (audit.Event.Place, audit.Event.Entry);
            _audit.Run(place.Writer, place.Sequence, entry.At.UtcTicks, entry.Person, entry.Account, entry.Role, entry.Purpose, entry.Action, entry.Outcome,
                entry.Object, entry.Patient?.Value, entry.Correlation, audit.Event.Commitment, audit.Digest);
            if (audit.SealedPayload is not null) _payload.Run(place.Writer, place.Sequence, audit.SealedPayload);
        }

        /// <summary>Sorts rows into the index. A claim that no commit could see, because the other one was on its way, is seen here.</summary>
        public void Index(ReadOnlySpan<IndexedResource> resources)
        {
            foreach (var r in resources)
            {
                var displaced = _index.Ask(r.Resource.ToBytes(), r.Patient.Value, r.Version.LastUpdatedTicks, r.Version.Number,
                    LogSql.Signed(r.Version.ContentHash), (int)r.Standing, r.SealedId);
                if (displaced is not null) Promise(new DisplacedResource(new PatientKey(displaced), r.Resource).ToOutbox());
            }
        }

        public void Forget(long upToRecent) => _forget.Run(upToRecent);

        /// <summary>The patient that loses a resource to this row or by it, where two patients claim it; null where one does.</summary>
        private PatientKey? Claims(IndexedResource r, RecentResources recent)
        {
            var held = recent.Held.Newest(r.Resource, r.IsNew ? null : Indexed(r.Resource));
            if (_claimed.TryGetValue(r.Resource, out var beside) && (held is null || beside.Version > held.Version)) held = beside;
            if (held is null || r.Version > held.Version) _claimed[r.Resource] = r;
            if (held is null || held.Patient == r.Patient || held.Version == r.Version) return null;
            return r.Version > held.Version ? held.Patient : r.Patient;
        }

        private IndexedResource? Indexed(ResourceKey resource)
        {
            using var command = Connection.CreateCommand();
            command.CommandText = $"SELECT {LogSql.ResourceColumns} FROM resource_index WHERE resource = $resource";
            command.Transaction = Transaction;
            command.Parameters.AddWithValue("$resource", resource.ToBytes());
            using var reader = command.ExecuteReader();
            return reader.Read() ? LogSql.ResourceOf(reader) : null;
        }

        private void Promise(OutboxEntry entry) => _outbox.Run(entry.Kind, entry.Payload);

        private static void Run(SqliteStatement statement, IndexedResource r) => statement.Run(
            r.Resource.ToBytes(), r.Patient.Value, r.Version.LastUpdatedTicks, r.Version.Number,
            LogSql.Signed(r.Version.ContentHash), (int)r.Standing, r.SealedId);

        public void Dispose()
        {
            foreach (var statement in new[] { _advance, _turn, _recent, _index, _forget, _outbox, _audit, _payload, _snapshot, _key }) statement.Dispose();
        }
    }
}
