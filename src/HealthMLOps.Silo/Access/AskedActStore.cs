using System.Data.Common;
using HealthMLOps.Storage;

namespace HealthMLOps.Access;

/// <summary>Asked acts in the database. Of two who confirm at once, one does it.</summary>
public sealed class AskedActStore(Database database)
{
    /// <summary>Newest that a list shows.</summary>
    public const int ListedMax = 200;

    /// <summary>What was confirmed and had no effect (the silo died between the two) may be taken up again after this.</summary>
    public static readonly TimeSpan TakenUpAgainAfter = TimeSpan.FromMinutes(1);

    private const string Columns = "id, act, digest, asked_by, asked_roles, asked_ticks, confirmed_by, confirmed_ticks, done_ticks, withdrawn_by";

    public async Task<AskedAct> Add(AccessAct act, Caller by, DateTimeOffset now, CancellationToken cancellation)
    {
        var text = act.ToText();
        return (await database.Change(
            $"INSERT INTO asked_acts (act, digest, asked_by, asked_roles, asked_ticks) VALUES (@act, @digest, @by, @roles, @now) RETURNING {Columns}", Row, cancellation,
            ("@act", text), ("@digest", AccessAct.DigestOf(text)), ("@by", by.Person), ("@roles", string.Join(' ', by.Roles.Select(RoleNames.Of))), ("@now", now.UtcTicks)))[0];
    }

    public Task<IReadOnlyList<AskedAct>> Newest(CancellationToken cancellation) =>
        database.Query($"SELECT {Columns} FROM asked_acts ORDER BY id DESC LIMIT {ListedMax}", Row, cancellation);

    public async Task<AskedAct?> Find(long number, CancellationToken cancellation) =>
        await database.Query($"SELECT {Columns} FROM asked_acts WHERE id = @id", Row, cancellation, ("@id", number)) is [var found, ..] ? found : null;

    /// <returns>Whether this caller is the one who does it now.</returns>
    public async Task<bool> Confirm(long number, string by, DateTimeOffset now, CancellationToken cancellation) => await database.Change(
        """
        UPDATE asked_acts SET confirmed_by = @by, confirmed_ticks = @now
        WHERE id = @id AND withdrawn_by IS NULL AND done_ticks IS NULL AND (confirmed_by IS NULL OR confirmed_ticks < @stale)
        """,
        cancellation, ("@by", by), ("@now", now.UtcTicks), ("@id", number), ("@stale", (now - TakenUpAgainAfter).UtcTicks)) == 1;

    public Task Done(long number, DateTimeOffset now, CancellationToken cancellation) =>
        database.Change("UPDATE asked_acts SET done_ticks = @now WHERE id = @id", cancellation, ("@now", now.UtcTicks), ("@id", number));

    /// <returns>False where it was confirmed or withdrawn before.</returns>
    public async Task<bool> Withdraw(long number, string by, DateTimeOffset now, CancellationToken cancellation) => await database.Change(
        "UPDATE asked_acts SET withdrawn_by = @by, withdrawn_ticks = @now WHERE id = @id AND confirmed_by IS NULL AND withdrawn_by IS NULL",
        cancellation, ("@by", by), ("@now", now.UtcTicks), ("@id", number)) == 1;

    private static AskedAct Row(DbDataReader row) => new(
        row.GetInt64(0), AccessAct.Read(row.GetString(1)), row.GetString(2), row.GetString(3), RoleNames.Read(row.GetString(4).Split(' ')), new DateTimeOffset(row.GetInt64(5), TimeSpan.Zero))
    {
        ConfirmedBy = row.IsDBNull(6) ? null : row.GetString(6), ConfirmedAt = row.IsDBNull(7) ? null : new DateTimeOffset(row.GetInt64(7), TimeSpan.Zero),
        DoneAt = row.IsDBNull(8) ? null : new DateTimeOffset(row.GetInt64(8), TimeSpan.Zero), WithdrawnBy = row.IsDBNull(9) ? null : row.GetString(9),
    };
}
