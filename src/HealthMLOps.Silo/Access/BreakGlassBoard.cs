using HealthMLOps.Clinical;
using HealthMLOps.Privacy;
using HealthMLOps.Storage;

namespace HealthMLOps.Access;

/// <summary>All uses of broken glass: durable, and in memory for the requests that come under them.</summary>
public sealed class BreakGlassBoard(Database database, AccessStore store, PayloadSeal seal, TimeProvider time)
{
    private const string Columns = "id, person, reason, patient, unit, opened_ticks, closes_ticks, reviewed_by, verdict, reviewed_ticks";
    private const string SealContext = "break-glass";

    private volatile IReadOnlyList<BreakGlass> _open = [];

    /// <summary>The person's open use, as this silo knows it.</summary>
    public BreakGlass? OpenFor(string person, DateTimeOffset now) => _open.LastOrDefault(use => use.Person == person && use.IsOpen(now));

    /// <summary>Every use, oldest first.</summary>
    public Task<IReadOnlyList<BreakGlass>> All(CancellationToken cancellation) =>
        database.Query($"SELECT {Columns} FROM break_glass ORDER BY id", Use, cancellation);

    /// <summary>What the person explained when they broke it; null where there is no such use.</summary>
    public async Task<string?> Explanation(string id, CancellationToken cancellation) => Number(id) is not { } number ? null
        : (await database.Query("SELECT explanation FROM break_glass WHERE id = @id", row => row.GetFieldValue<byte[]>(0), cancellation, ("@id", number)))
            .Select(text => System.Text.Encoding.UTF8.GetString(seal.Open(text, SealContext))).FirstOrDefault();

    /// <summary>Opens, durably when it returns.</summary>
    public async Task<BreakGlass> Open(string person, string reason, string explanation, BreakGlassScope scope, TimeSpan length, CancellationToken cancellation)
    {
        var now = time.GetUtcNow();
        var id = (await database.Change(
            "INSERT INTO break_glass (person, reason, explanation, patient, unit, opened_ticks, closes_ticks) VALUES (@person, @reason, @explanation, @patient, @unit, @opened, @closes) RETURNING id",
            row => row.GetInt64(0), cancellation, ("@person", person), ("@reason", reason),
            ("@explanation", seal.Seal(System.Text.Encoding.UTF8.GetBytes(explanation), SealContext)), ("@patient", scope.Patient?.Value), ("@unit", scope.Unit),
            ("@opened", now.UtcTicks), ("@closes", (now + length).UtcTicks)))[0];
        await Reload(cancellation);
        await store.Touch(cancellation);
        return new BreakGlass($"glass-{id}", person, reason, scope, now, now + length);
    }

    /// <summary>Keeps the first review; a later one changes nothing.</summary>
    /// <returns>False where there is no such use, or it has been reviewed.</returns>
    public async Task<bool> Review(string id, string by, string verdict, CancellationToken cancellation)
    {
        var done = Number(id) is { } number && await database.Change(
            "UPDATE break_glass SET reviewed_by = @by, verdict = @verdict, reviewed_ticks = @now, closes_ticks = CASE WHEN closes_ticks > @now THEN @now ELSE closes_ticks END WHERE id = @id AND verdict IS NULL",
            cancellation, ("@by", by), ("@verdict", verdict), ("@now", time.GetUtcNow().UtcTicks), ("@id", number)) == 1;
        await Reload(cancellation);
        await store.Touch(cancellation);
        return done;
    }

    /// <summary>Reads the open ones anew; another silo's counts here from then on.</summary>
    public async Task Reload(CancellationToken cancellation) => _open = await database.Query(
        $"SELECT {Columns} FROM break_glass WHERE closes_ticks > @now ORDER BY id", Use, cancellation, ("@now", time.GetUtcNow().UtcTicks));

    private static long? Number(string id) => id.StartsWith("glass-", StringComparison.Ordinal)
        && long.TryParse(id.AsSpan(6), System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var number) ? number : null;

    private static BreakGlass Use(System.Data.Common.DbDataReader row) => new(
        $"glass-{row.GetInt64(0)}", row.GetString(1), row.GetString(2),
        row.IsDBNull(3) ? BreakGlassScope.Of(row.GetString(4)) : BreakGlassScope.Of(new PatientKey(row.GetString(3))),
        new DateTimeOffset(row.GetInt64(5), TimeSpan.Zero), new DateTimeOffset(row.GetInt64(6), TimeSpan.Zero))
    {
        ReviewedBy = row.IsDBNull(7) ? null : row.GetString(7),
        Verdict = row.IsDBNull(8) ? null : row.GetString(8),
        ReviewedAt = row.IsDBNull(9) ? null : new DateTimeOffset(row.GetInt64(9), TimeSpan.Zero),
    };
}
