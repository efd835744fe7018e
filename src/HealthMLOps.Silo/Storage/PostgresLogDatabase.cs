using System.Data;
using HealthMLOps.Clinical;
using Npgsql;

namespace HealthMLOps.Storage;

/// <summary>The log's transactions on PostgreSQL: one connection, one round trip for the statements, one for the commit.</summary>
internal sealed class PostgresLogDatabase(NpgsqlDataSource source) : ILogDatabase
{
    private const string Advance =
        """
        UPDATE writers SET last_sequence = $1, last_access_sequence = $2, last_access_hash = $3, payload_bytes = $4
        WHERE id = $5 AND NOT fenced AND last_sequence = $6 AND last_access_sequence = $7
        """;

    private readonly PostgresRows<StoredTurn> _turns = new PostgresRows<StoredTurn>("log", "ON CONFLICT (patient, number) DO NOTHING RETURNING sequence")
        .Column("patient", "text", t => t.Patient.Value)
        .Column("number", "bigint", t => t.Number)
        .Column("writer", "bigint", t => t.Writer.Value)
        .Column("sequence", "bigint", t => t.Sequence)
        .Column("recorded_ticks", "bigint", t => t.Recorded.UtcTicks)
        .Column("payload", "bytea", t => t.Payload);

    private readonly PostgresRows<StoredTurn> _keys = new PostgresRows<StoredTurn>("patient_keys", "ON CONFLICT (patient) DO NOTHING RETURNING 1, 1, 1")
        .Column("patient", "text", t => t.Patient.Value)
        .Column("wrapped", "bytea", t => t.NewKey);

    private readonly PostgresRows<IndexedResource> _resources = new PostgresRows<IndexedResource>("resource_index",
            $"{LogSql.UpsertResource} RETURNING resource_index.resource, resource_index.patient, resource_index.displaced",
            "SELECT resource, displaced FROM written WHERE displaced <> patient")
        .Column("resource", "bytea", r => r.Resource.ToBytes())
        .Column("patient", "text", r => r.Patient.Value)
        .Column("last_updated_ticks", "bigint", r => r.Version.LastUpdatedTicks)
        .Column("version_number", "bigint", r => r.Version.Number)
        .Column("content_hash", "bigint", r => LogSql.Signed(r.Version.ContentHash))
        .Column("standing", "smallint", r => (short)r.Standing)
        .Column("sealed_id", "bytea", r => r.SealedId);

    private readonly PostgresRows<OutboxEntry> _outbox = new PostgresRows<OutboxEntry>("outbox")
        .Column("kind", "text", o => o.Kind)
        .Column("payload", "bytea", o => o.Payload);

    private readonly PostgresRows<StoredAudit> _audits = new PostgresRows<StoredAudit>("audit_log")
        .Column("writer", "bigint", a => a.Event.Place.Writer)
        .Column("sequence", "bigint", a => a.Event.Place.Sequence)
        .Column("at_ticks", "bigint", a => a.Event.Entry.At.UtcTicks)
        .Column("person", "text", a => a.Event.Entry.Person)
        .Column("account", "text", a => a.Event.Entry.Account)
        .Column("role", "text", a => a.Event.Entry.Role)
        .Column("purpose", "text", a => a.Event.Entry.Purpose)
        .Column("action", "text", a => a.Event.Entry.Action)
        .Column("outcome", "text", a => a.Event.Entry.Outcome)
        .Column("object", "text", a => a.Event.Entry.Object)
        .Column("patient", "text", a => a.Event.Entry.Patient?.Value)
        .Column("correlation", "text", a => a.Event.Entry.Correlation)
        .Column("commitment", "bytea", a => a.Event.Commitment)
        .Column("hash", "bytea", a => a.Digest);

    private readonly PostgresRows<StoredAudit> _payloads = new PostgresRows<StoredAudit>("audit_payloads")
        .Column("writer", "bigint", a => a.Event.Place.Writer)
        .Column("sequence", "bigint", a => a.Event.Place.Sequence)
        .Column("sealed", "bytea", a => a.SealedPayload);

    private readonly PostgresRows<StoredSnapshot> _snapshots = new PostgresRows<StoredSnapshot>("snapshots", LogSql.UpsertSnapshot)
        .Column("patient", "text", s => s.Patient.Value)
        .Column("number", "bigint", s => s.Number)
        .Column("payload", "bytea", s => s.Payload);

    private NpgsqlConnection? _connection;

    public async Task<CommitOutcome> TryCommit(LogBatch batch)
    {
        try
        {
            _connection ??= await source.OpenConnectionAsync();
            await using var transaction = await _connection.BeginTransactionAsync(IsolationLevel.ReadCommitted);
            var outcome = await Write(_connection, transaction, batch);
            if (outcome is CommitOutcome.Committed) await transaction.CommitAsync();
            else await transaction.RollbackAsync();
            return outcome;
        }
        catch (Exception failure)
        {
            if (!IsRefusal(failure)) await Disconnect();
            throw;
        }
    }

    public async Task<WriterReading> ReadBack(WriterId writer)
    {
        try
        {
            _connection ??= await source.OpenConnectionAsync();
            await using var command = new NpgsqlCommand(
                "SELECT last_sequence, last_access_sequence, last_access_hash, payload_bytes, fenced FROM writers WHERE id = $1 FOR UPDATE", _connection);
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = writer.Value });
            await using var reader = await command.ExecuteReaderAsync();
            if (!await reader.ReadAsync()) throw new InvalidOperationException($"Writer {writer.Value} is not in the database any more.");
            return new WriterReading(
                new WriterMark(reader.GetInt64(0), reader.GetInt64(1), reader.GetFieldValue<byte[]>(2), reader.GetInt64(3)), reader.GetBoolean(4));
        }
        catch
        {
            await Disconnect();
            throw;
        }
    }

    /// <summary>Data that doesn't fit a column (class 22) or breaks a constraint (23), and statements too large (54).</summary>
    public bool IsRefusal(Exception failure) =>
        failure is PostgresException { SqlState: var state } && (state.StartsWith("22", StringComparison.Ordinal)
            || state.StartsWith("23", StringComparison.Ordinal) || state.StartsWith("54", StringComparison.Ordinal));

    public async ValueTask DisposeAsync()
    {
        if (_connection is not null) await _connection.DisposeAsync();
        _connection = null;
    }

    private async Task<CommitOutcome> Write(NpgsqlConnection connection, NpgsqlTransaction transaction, LogBatch work)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(Advance)
        {
            Parameters =
            {
                new NpgsqlParameter<long> { TypedValue = work.After.Sequence },
                new NpgsqlParameter<long> { TypedValue = work.After.AuditSequence },
                new NpgsqlParameter<byte[]> { TypedValue = work.After.AuditHash },
                new NpgsqlParameter<long> { TypedValue = work.After.PayloadBytes },
                new NpgsqlParameter<long> { TypedValue = work.Writer.Value },
                new NpgsqlParameter<long> { TypedValue = work.Before.Sequence },
                new NpgsqlParameter<long> { TypedValue = work.Before.AuditSequence },
            },
        });
        var keyed = work.Keyed;
        _turns.AddTo(batch, work.Turns);
        _keys.AddTo(batch, keyed);
        _resources.AddTo(batch, work.Resources);
        _outbox.AddTo(batch, work.Outbox);
        _audits.AddTo(batch, work.Audits);
        if (work.Audits.Any(a => a.SealedPayload is not null)) _payloads.AddTo(batch, [.. work.Audits.Where(a => a.SealedPayload is not null)]);
        _snapshots.AddTo(batch, work.Snapshots);

        HashSet<long>? stored = null;
        List<OutboxEntry>? displaced = null;
        var newKeys = 0;
        await using (var reader = await batch.ExecuteReaderAsync())
        {
            // Three statements return rows, told apart by their columns: the log's insert one number for each turn that did not
            // conflict, the index's the resources that patients lost, the keys' three for each new key.
            do
            {
                var isIndex = reader.FieldCount == 2;
                while (await reader.ReadAsync())
                {
                    if (reader.FieldCount == 3) newKeys++;
                    else if (isIndex) (displaced ??= []).Add(new DisplacedResource(new PatientKey(reader.GetString(1)), ResourceKey.From(reader.GetFieldValue<byte[]>(0))).ToOutbox());
                    else (stored ??= new(work.Turns.Count)).Add(reader.GetInt64(0));
                }
            }
            while (await reader.NextResultAsync());
        }
        if (batch.BatchCommands[0].RecordsAffected == 0) return new CommitOutcome.Refused();
        if ((stored?.Count ?? 0) != work.Turns.Count)
            return new CommitOutcome.Conflicts(work.Turns.Select(t => t.Sequence).Where(s => stored?.Contains(s) != true).ToHashSet());
        if (newKeys != keyed.Count) throw LogSql.SecondKey();
        if (displaced is not null) await Promise(connection, transaction, displaced);
        return new CommitOutcome.Committed();
    }

    private async Task Promise(NpgsqlConnection connection, NpgsqlTransaction transaction, IReadOnlyList<OutboxEntry> entries)
    {
        await using var batch = new NpgsqlBatch(connection, transaction);
        _outbox.AddTo(batch, entries);
        await batch.ExecuteNonQueryAsync();
    }

    /// <summary>Drops the connection, and the idle ones of the pool with it: they are likely as broken.</summary>
    private async Task Disconnect()
    {
        var broken = _connection;
        _connection = null;
        source.Clear();
        if (broken is not null) await broken.DisposeAsync();
    }
}
