using System.Data.Common;
using HealthMLOps.Storage;

namespace HealthMLOps.Rings;

/// <summary>What became of each halt and each drill: how long it took to stop, and who lifted it when.</summary>
public sealed class HaltLog(Database database)
{
    /// <summary>What the sealed words of a halt belong to.</summary>
    public const string ReasonContext = "halt-reason";

    private const string Columns = "id, scope, person, at_ticks, reason, outcome, stop_ms, restore_ms, lifted_ticks, lifted_by";

    /// <summary>Writes down a halt; a repeat changes nothing.</summary>
    public async Task Add(HaltOutcome outcome, CancellationToken cancellation) => await database.Change(
        """
        INSERT INTO halts (id, scope, person, at_ticks, reason, outcome, stop_ms) VALUES (@id, @scope, @person, @at, @reason, @outcome, @stop)
        ON CONFLICT (id) DO NOTHING
        """,
        cancellation, ("@id", outcome.Order.Id), ("@scope", outcome.Order.Scope.ToString()), ("@person", outcome.Order.By), ("@at", outcome.Order.At.UtcTicks),
        ("@reason", outcome.Order.Reason), ("@outcome", outcome.Words), ("@stop", outcome.StopMs));

    /// <summary>Writes down that service was restored.</summary>
    public async Task Lift(string id, string by, DateTimeOffset at, double restoreMs, CancellationToken cancellation) => await database.Change(
        "UPDATE halts SET restore_ms = @restore, lifted_ticks = @at, lifted_by = @by WHERE id = @id AND lifted_ticks IS NULL",
        cancellation, ("@restore", restoreMs), ("@at", at.UtcTicks), ("@by", by), ("@id", id));

    /// <summary>The newest first.</summary>
    public Task<IReadOnlyList<PastHalt>> Newest(int countMax, CancellationToken cancellation) =>
        database.Query($"SELECT {Columns} FROM halts ORDER BY at_ticks DESC, id DESC LIMIT @count", Halt, cancellation, ("@count", countMax));

    /// <summary>The last drill that every silo confirmed and that ended in restored service; null = there was none.</summary>
    public async Task<PastHalt?> LastDrill(CancellationToken cancellation) => (await database.Query(
        $"SELECT {Columns} FROM halts WHERE scope LIKE 'drill:%' AND outcome = 'confirmed' AND lifted_ticks IS NOT NULL ORDER BY at_ticks DESC LIMIT 1",
        Halt, cancellation)).SingleOrDefault();

    private static PastHalt Halt(DbDataReader row) => new(
        row.GetString(0), row.GetString(1), row.GetString(2), new DateTimeOffset(row.GetInt64(3), TimeSpan.Zero), row.GetString(4), row.GetString(5), row.GetDouble(6),
        row.IsDBNull(7) ? null : row.GetDouble(7), row.IsDBNull(8) ? null : new DateTimeOffset(row.GetInt64(8), TimeSpan.Zero), row.IsDBNull(9) ? null : row.GetString(9));
}

/// <summary>One halt or drill that has happened.</summary>
public sealed record PastHalt(
    string Id, string Scope, string By, DateTimeOffset At, string Reason, string Outcome, double StopMs, double? RestoreMs, DateTimeOffset? LiftedAt, string? LiftedBy);
