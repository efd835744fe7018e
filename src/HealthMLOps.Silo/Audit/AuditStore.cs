using System.Data.Common;
using HealthMLOps.Clinical;
using HealthMLOps.Storage;

namespace HealthMLOps.Audit;

/// <summary>Reads the record's rows. They are written by the event log's group commit alone.</summary>
public sealed class AuditStore(Database database)
{
    private const string Columns =
        """
        a.writer, a.sequence, a.at_ticks, a.person, a.account, a.role, a.purpose, a.action, a.outcome, a.object, a.patient, a.correlation, a.commitment, a.hash, a.removal, f.hash
        """;

    /// <summary>Each row beside its writer's former one, from which it follows.</summary>
    private const string Rows = "audit_log a LEFT JOIN audit_log f ON f.writer = a.writer AND f.sequence = a.sequence - 1";

    private const string RowsWithLeaf = $"{Rows} LEFT JOIN audit_leaves l ON l.writer = a.writer AND l.sequence = a.sequence";

    /// <summary>Entries that fit, newest first; hidden ones are left out.</summary>
    public Task<IReadOnlyList<RecordedEntry>> Find(AuditQuestion question, int countMax, CancellationToken cancellation)
    {
        var conditions = new List<string> { "a.removal IS NULL" };
        var parameters = new List<(string, object?)> { ("@count", countMax) };
        void Limit(string condition, string name, object? value)
        {
            if (value is null) return;
            conditions.Add(condition);
            parameters.Add((name, value));
        }
        Limit("a.at_ticks >= @from", "@from", question.From?.UtcTicks);
        Limit("a.at_ticks < @to", "@to", question.To?.UtcTicks);
        Limit("a.person = @person", "@person", question.Person);
        Limit("a.object = @object", "@object", question.Object);
        Limit("a.patient = @patient", "@patient", question.Patient?.Value);
        Limit("a.outcome = @outcome", "@outcome", question.Outcome);
        Limit("a.correlation = @correlation", "@correlation", question.Correlation);
        if (question.Action is { } action && action.EndsWith('*'))
        {
            Limit("a.action >= @action", "@action", action[..^1]);
            Limit("a.action < @beyond", "@beyond", action[..^1] + "\uffff");
        }
        else Limit("a.action = @action", "@action", question.Action);
        if (question.After is var (at, place))
        {
            conditions.Add("(a.at_ticks, a.writer, a.sequence) < (@at, @writer, @sequence)");
            parameters.AddRange([("@at", at.UtcTicks), ("@writer", place.Writer), ("@sequence", place.Sequence)]);
        }
        return database.Query(
            $"SELECT {Columns}, l.leaf FROM {RowsWithLeaf} WHERE {string.Join(" AND ", conditions)} ORDER BY a.at_ticks DESC, a.writer DESC, a.sequence DESC LIMIT @count",
            EntryOf, cancellation, [.. parameters]);
    }

    public async Task<RecordedEntry?> Get(AuditPlace place, CancellationToken cancellation) =>
        (await database.Query($"SELECT {Columns}, l.leaf FROM {RowsWithLeaf} WHERE a.writer = @writer AND a.sequence = @sequence",
            EntryOf, cancellation, ("@writer", place.Writer), ("@sequence", place.Sequence))).SingleOrDefault();

    /// <summary>Salt and payload of an entry, sealed; null where it has none.</summary>
    public async Task<byte[]?> SealedPayload(AuditPlace place, CancellationToken cancellation) =>
        (await database.Query("SELECT sealed FROM audit_payloads WHERE writer = @writer AND sequence = @sequence",
            row => row.GetFieldValue<byte[]>(0), cancellation, ("@writer", place.Writer), ("@sequence", place.Sequence))).SingleOrDefault();

    /// <summary>A writer's entries in sequence, from <paramref name="afterSequence"/> (exclusive), hidden ones included.</summary>
    public Task<IReadOnlyList<RecordedEntry>> Chain(long writer, long afterSequence, int countMax, CancellationToken cancellation) =>
        database.Query($"SELECT {Columns}, CAST(NULL AS bigint) FROM {Rows} WHERE a.writer = @writer AND a.sequence > @after ORDER BY a.sequence LIMIT @count",
            EntryOf, cancellation, ("@writer", writer), ("@after", afterSequence), ("@count", countMax));

    /// <summary>Leaves [from, from + count) with their entries; an entry whose row is gone is null.</summary>
    public Task<IReadOnlyList<(long Leaf, byte[] Digest, RecordedEntry? Entry)>> Leaves(long from, int countMax, CancellationToken cancellation) =>
        database.Query(
            $"""
            SELECT {Columns}, l.leaf, l.hash FROM audit_leaves l LEFT JOIN audit_log a ON a.writer = l.writer AND a.sequence = l.sequence
            LEFT JOIN audit_log f ON f.writer = a.writer AND f.sequence = a.sequence - 1 WHERE l.leaf >= @from ORDER BY l.leaf LIMIT @count
            """,
            row => (row.GetInt64(16), row.GetFieldValue<byte[]>(17), row.IsDBNull(0) ? null : EntryOf(row)), cancellation, ("@from", from), ("@count", countMax));

    /// <summary>How far each writer has come.</summary>
    public async Task<IReadOnlyDictionary<long, long>> Writers(CancellationToken cancellation) =>
        (await database.Query("SELECT id, last_access_sequence FROM writers WHERE last_access_sequence > 0",
            row => (Writer: row.GetInt64(0), Sequence: row.GetInt64(1)), cancellation)).ToDictionary(w => w.Writer, w => w.Sequence);

    /// <summary>The first writer whose events are here.</summary>
    public async Task<long> FirstWriter(CancellationToken cancellation) =>
        (await database.Query("SELECT CAST(value AS bigint) FROM settings WHERE key = 'audit-first-writer'", row => row.GetInt64(0), cancellation)).SingleOrDefault(1);

    private static RecordedEntry EntryOf(DbDataReader row) => new(
        new AuditEvent(
            new AuditPlace(row.GetInt64(0), row.GetInt64(1)),
            row.IsDBNull(15) ? AuditEvent.NoPrevious : row.GetFieldValue<byte[]>(15),
            new AuditEntry(new DateTimeOffset(row.GetInt64(2), TimeSpan.Zero), row.GetString(3), row.GetString(4), row.GetString(5), row.GetString(6), row.GetString(7), row.GetString(8))
            {
                Object = row.IsDBNull(9) ? null : row.GetString(9),
                Patient = row.IsDBNull(10) ? null : new PatientKey(row.GetString(10)),
                Correlation = row.IsDBNull(11) ? null : row.GetString(11),
            },
            row.IsDBNull(12) ? null : row.GetFieldValue<byte[]>(12)),
        row.GetFieldValue<byte[]>(13), row.IsDBNull(16) ? null : row.GetInt64(16), row.IsDBNull(14) ? null : row.GetInt64(14));
}
