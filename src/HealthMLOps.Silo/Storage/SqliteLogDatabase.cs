using HealthMLOps.Clinical;
using Microsoft.Data.Sqlite;

namespace HealthMLOps.Storage;

/// <summary>The log's transactions on SQLite: prepared statements, row by row, on the database's writing thread.</summary>
internal sealed class SqliteLogDatabase(Database database) : ILogDatabase
{
    /// <summary>SQLite's primary result codes for content that it refuses: TOOBIG, CONSTRAINT, MISMATCH, RANGE.</summary>
    private static readonly int[] RefusalCodes = [18, 19, 20, 25];

    private Statements? _statements;

    public Task<CommitOutcome> TryCommit(LogBatch batch) => database.OnSqlite(connection =>
    {
        if (_statements?.Connection != connection)
        {
            _statements?.Dispose();
            _statements = new Statements(connection);
        }
        using var transaction = connection.BeginTransaction(deferred: false);
        var outcome = _statements.Write(transaction, batch);
        if (outcome is CommitOutcome.Committed) transaction.Commit();
        return outcome;
    });

    public Task<WriterReading> ReadBack(WriterId writer) => database.OnSqlite(connection =>
    {
        using var transaction = connection.BeginTransaction(deferred: false);
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = "SELECT last_sequence, last_access_sequence, last_access_hash, payload_bytes, fenced FROM writers WHERE id = $id";
        command.Parameters.AddWithValue("$id", writer.Value);
        using var reader = command.ExecuteReader();
        if (!reader.Read()) throw new InvalidOperationException($"Writer {writer.Value} is not in the database any more.");
        return new WriterReading(
            new WriterMark(reader.GetInt64(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2), reader.GetInt64(3)), reader.GetBoolean(4));
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

    private sealed class Statements(SqliteConnection connection) : IDisposable
    {
        private readonly SqliteStatement _advance = new(connection,
            """
            UPDATE writers SET last_sequence = $1, last_access_sequence = $2, last_access_hash = $3, payload_bytes = $4
            WHERE id = $5 AND NOT fenced AND last_sequence = $6 AND last_access_sequence = $7
            """, 7);

        private readonly SqliteStatement _turn = new(connection,
            """
            INSERT INTO log (patient, number, writer, sequence, recorded_ticks, payload) VALUES ($1, $2, $3, $4, $5, $6)
            ON CONFLICT (patient, number) DO NOTHING
            """, 6);

        private readonly SqliteStatement _resource = new(connection,
            $"""
            INSERT INTO resource_index (resource, patient, last_updated_ticks, version_number, content_hash, standing, sealed_id)
            VALUES ($1, $2, $3, $4, $5, $6, $7) {LogSql.UpsertResource}
            RETURNING CASE WHEN displaced <> patient THEN displaced END
            """, 7);

        private readonly SqliteStatement _outbox = new(connection, "INSERT INTO outbox (kind, payload) VALUES ($1, $2)", 2);

        private readonly SqliteStatement _access = new(connection,
            """
            INSERT INTO access_log (writer, sequence, at_ticks, actor, action, patient, purpose, outcome, hash)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
            """, 9);

        private readonly SqliteStatement _snapshot = new(connection,
            $"INSERT INTO snapshots (patient, number, payload) VALUES ($1, $2, $3) {LogSql.UpsertSnapshot}", 3);

        public SqliteConnection Connection { get; } = connection;

        public CommitOutcome Write(SqliteTransaction transaction, LogBatch batch)
        {
            var (after, before) = (batch.After, batch.Before);
            var advanced = _advance.Run(transaction,
                after.Sequence, after.AccessSequence, after.AccessHash, after.PayloadBytes, batch.Writer.Value, before.Sequence, before.AccessSequence);
            if (advanced == 0) return new CommitOutcome.Refused();

            HashSet<long>? lost = null;
            foreach (var t in batch.Turns)
            {
                if (_turn.Run(transaction, t.Patient.Value, t.Number, t.Writer.Value, t.Sequence, t.Recorded.UtcTicks, t.Payload) == 0)
                    (lost ??= []).Add(t.Sequence);
            }
            if (lost is not null) return new CommitOutcome.Conflicts(lost);

            foreach (var r in batch.Resources)
            {
                var displaced = _resource.Ask(transaction, r.Resource.ToBytes(), r.Patient.Value, r.Version.LastUpdatedTicks, r.Version.Number,
                    LogSql.Signed(r.Version.ContentHash), (int)r.Standing, r.SealedId);
                if (displaced is not null) Promise(transaction, new DisplacedResource(new PatientKey(displaced), r.Resource).ToOutbox());
            }
            foreach (var o in batch.Outbox) Promise(transaction, o);
            foreach (var a in batch.Accesses)
            {
                _access.Run(transaction, a.Writer.Value, a.Sequence, a.Access.At.UtcTicks, a.Access.Actor, a.Access.Action,
                    a.Access.Patient?.Value, a.Access.Purpose, a.Access.Outcome, a.Hash);
            }
            foreach (var s in batch.Snapshots) _snapshot.Run(transaction, s.Patient.Value, s.Number, s.Payload);
            return new CommitOutcome.Committed();
        }

        private void Promise(SqliteTransaction transaction, OutboxEntry entry) => _outbox.Run(transaction, entry.Kind, entry.Payload);

        public void Dispose()
        {
            foreach (var statement in new[] { _advance, _turn, _resource, _outbox, _access, _snapshot }) statement.Dispose();
        }
    }
}
