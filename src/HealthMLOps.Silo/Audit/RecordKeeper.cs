using System.Collections.Frozen;
using System.Data.Common;
using System.Globalization;
using System.Text.Json;
using HealthMLOps.Access;
using HealthMLOps.Clinical;
using HealthMLOps.Hosting;
using HealthMLOps.Privacy;
using HealthMLOps.Storage;

namespace HealthMLOps.Audit;

/// <summary>Retention and legal holds. Removing hides entries from answers and exports; their digests stay, and the tree with them.</summary>
public sealed class RecordKeeper(
    Database database, AuditBook record, PolicyFolder policy, SealedText words, ClinicalClock clock, AccessBoard board, AccessConfiguration access, TimeProvider time)
{
    public const int ReasonCharsMax = 500;

    private const string HoldReason = "hold-reason";
    private const string RemovalReason = "removal-reason";
    private const int PageRows = 500;
    private const string HoldColumns = "id, kind, value, reason, placed_by, placed_ticks, released_by, released_ticks";
    private const string RemovalColumns = "id, before_ticks, reason, proposed_by, proposed_ticks, approved_by, approved_ticks, hidden";

    private int KeepYears => policy.Read<RetentionPolicy>("records").Single().KeepYears;

    /// <summary>Places a hold.</summary>
    /// <exception cref="RecordRefused">There is no reason, or no such kind of hold.</exception>
    public async Task<LegalHold> Hold(Caller caller, string kind, string value, string reason, CancellationToken cancellation)
    {
        Reasoned(reason);
        if (kind is not (LegalHold.Object or LegalHold.Patient) || value.Length is 0 or > AuditBook.WordCharsMax || (kind == LegalHold.Patient && !PatientKey.IsPseudonym(value)))
            throw new RecordRefused("hold", $"A hold is on an 'object' by its name of 1 to {AuditBook.WordCharsMax} characters, or on a 'patient' by pseudonym.");
        await record.Record(About(record.By(caller, "record.hold"), kind, value) with { Payload = JsonSerializer.Serialize(new { kind, value, reason }) });
        return (await database.Change(
            $"INSERT INTO audit_holds (kind, value, reason, placed_by, placed_ticks) VALUES (@kind, @value, @reason, @by, @at) RETURNING {HoldColumns}",
            HoldOf, cancellation, ("@kind", kind), ("@value", value), ("@reason", words.Seal(reason, HoldReason)), ("@by", caller.Person), ("@at", clock.Now.UtcTicks)))[0];
    }

    /// <summary>Ends a hold. Ending it again changes nothing; null where there is none of that number.</summary>
    public async Task<LegalHold?> Release(Caller caller, long id, string reason, CancellationToken cancellation)
    {
        Reasoned(reason);
        if ((await Holds(cancellation)).SingleOrDefault(h => h.Id == id) is not { } hold) return null;
        if (hold.ReleasedAt is not null) return hold;
        await record.Record(About(record.By(caller, "record.release"), hold.Kind, hold.Value) with { Payload = JsonSerializer.Serialize(new { id, reason }) });
        await database.Change("UPDATE audit_holds SET released_by = @by, released_ticks = @at WHERE id = @id AND released_ticks IS NULL",
            cancellation, ("@by", caller.Person), ("@at", clock.Now.UtcTicks), ("@id", id));
        return (await Holds(cancellation)).Single(h => h.Id == id);
    }

    public Task<IReadOnlyList<LegalHold>> Holds(CancellationToken cancellation) => database.Query($"SELECT {HoldColumns} FROM audit_holds ORDER BY id", HoldOf, cancellation);

    /// <summary>Proposes to hide what is older. Nothing is hidden yet.</summary>
    /// <exception cref="RecordRefused">Some of it has not served its time.</exception>
    public async Task<Removal> Propose(Caller caller, DateTimeOffset before, string reason, CancellationToken cancellation)
    {
        Reasoned(reason);
        var expired = Retention.ExpiredBefore(clock.Now, KeepYears);
        if (before > expired)
            throw new RecordRefused("retention", $"Entries before {before:yyyy-MM-dd} are kept for {KeepYears} years; only those before {expired:yyyy-MM-dd} may be hidden.");
        await record.Record(record.By(caller, "record.removal-propose") with { Payload = JsonSerializer.Serialize(new { before, reason }) });
        return (await database.Change(
            $"INSERT INTO audit_removals (before_ticks, reason, proposed_by, proposed_ticks) VALUES (@before, @reason, @by, @at) RETURNING {RemovalColumns}",
            RemovalOf, cancellation, ("@before", before.UtcTicks), ("@reason", words.Seal(reason, RemovalReason)), ("@by", caller.Person), ("@at", clock.Now.UtcTicks)))[0];
    }

    /// <summary>A second person approves, and what no hold and no ring protects is hidden. A repeat goes on where it was broken off; null where there is no such proposal.</summary>
    /// <exception cref="RecordRefused">It is the same person, or the owner's credential where a named person could.</exception>
    public async Task<Removal?> Approve(Caller caller, long id, CancellationToken cancellation)
    {
        if ((await Removals(cancellation)).SingleOrDefault(r => r.Id == id) is not { } removal) return null;
        if (removal.ProposedBy == caller.Person)
            throw new RecordRefused("two-persons", "Who proposed a removal can't approve it: a second person must.");
        if (caller.Roles.Contains(Role.Owner) && board.Current.IsHeldByAPerson(Permission.ManageRecords, access, time.GetUtcNow()))
            throw new RecordRefused("two-persons", "The owner's credential approves no removal: a named second person must.");
        await record.Record(record.By(caller, "record.removal-approve") with { Object = string.Create(CultureInfo.InvariantCulture, $"removal {id}") });
        await database.Change("UPDATE audit_removals SET approved_by = @by, approved_ticks = @at WHERE id = @id AND approved_ticks IS NULL",
            cancellation, ("@by", caller.Person), ("@at", clock.Now.UtcTicks), ("@id", id));
        await Hide(removal, await Protection(cancellation), cancellation);
        await database.Change("UPDATE audit_removals SET hidden = (SELECT count(*) FROM audit_log WHERE removal = @id AND at_ticks < before_ticks) WHERE id = @id", cancellation, ("@id", id));
        return (await Removals(cancellation)).Single(r => r.Id == id);
    }

    public Task<IReadOnlyList<Removal>> Removals(CancellationToken cancellation) =>
        database.Query($"SELECT {RemovalColumns} FROM audit_removals ORDER BY id", RemovalOf, cancellation);

    private async Task<Retention> Protection(CancellationToken cancellation)
    {
        var standing = (await Holds(cancellation)).Where(h => h.ReleasedAt is null).ToList();
        var ofRings = await database.Query("SELECT DISTINCT action, object FROM audit_log WHERE object IS NOT NULL AND (action LIKE 'ring.%' OR action LIKE 'rollout.%')",
            row => (Action: row.GetString(0), Object: row.GetString(1)), cancellation);
        return new Retention(
            standing.Where(h => h.Kind == LegalHold.Object).Select(h => h.Value).ToFrozenSet(StringComparer.Ordinal),
            standing.Where(h => h.Kind == LegalHold.Patient).Select(h => new PatientKey(h.Value)).ToFrozenSet(),
            ofRings.Where(r => Retention.IsOfRings(r.Action)).SelectMany(r => Retention.VersionsIn(r.Object)).ToFrozenSet(StringComparer.Ordinal));
    }

    private async Task Hide(Removal removal, Retention protection, CancellationToken cancellation)
    {
        var (writer, sequence) = (0L, 0L);
        IReadOnlyList<(AuditPlace Place, AuditEntry Entry)> page;
        do
        {
            page = await database.Query(
                $"""
                SELECT writer, sequence, action, object, patient FROM audit_log
                WHERE at_ticks < @before AND removal IS NULL AND (writer, sequence) > (@writer, @sequence) ORDER BY writer, sequence LIMIT {PageRows}
                """,
                row => (new AuditPlace(row.GetInt64(0), row.GetInt64(1)), new AuditEntry(default, "", "", "", "", row.GetString(2), "")
                {
                    Object = row.IsDBNull(3) ? null : row.GetString(3), Patient = row.IsDBNull(4) ? null : new PatientKey(row.GetString(4)),
                }), cancellation, ("@before", removal.Before.UtcTicks), ("@writer", writer), ("@sequence", sequence));
            foreach (var ofWriter in page.Where(p => protection.MayHide(p.Entry)).GroupBy(p => p.Place.Writer))
                // Only numbers of ours get into the text.
                await database.Change($"UPDATE audit_log SET removal = @id WHERE writer = @writer AND sequence IN ({string.Join(',', ofWriter.Select(p => p.Place.Sequence))})",
                    cancellation, ("@id", removal.Id), ("@writer", ofWriter.Key));
            if (page.Count > 0) (writer, sequence) = page[^1].Place;
        }
        while (page.Count == PageRows);
    }

    private static void Reasoned(string reason)
    {
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > ReasonCharsMax)
            throw new RecordRefused("reason", $"A reason of 1 to {ReasonCharsMax} characters is needed; got {reason?.Length ?? 0}.");
    }

    private static AuditEntry About(AuditEntry entry, string kind, string value) =>
        kind == LegalHold.Patient ? entry with { Patient = new PatientKey(value) } : entry with { Object = value };

    private LegalHold HoldOf(DbDataReader row) => new(
        row.GetInt64(0), row.GetString(1), row.GetString(2), words.Open(row.GetString(3), HoldReason), row.GetString(4), Time(row, 5)!.Value, row.IsDBNull(6) ? null : row.GetString(6), Time(row, 7));

    private Removal RemovalOf(DbDataReader row) => new(
        row.GetInt64(0), Time(row, 1)!.Value, words.Open(row.GetString(2), RemovalReason), row.GetString(3), Time(row, 4)!.Value, row.IsDBNull(5) ? null : row.GetString(5), Time(row, 6), row.GetInt64(7));

    private static DateTimeOffset? Time(DbDataReader row, int column) => row.IsDBNull(column) ? null : new DateTimeOffset(row.GetInt64(column), TimeSpan.Zero);
}
