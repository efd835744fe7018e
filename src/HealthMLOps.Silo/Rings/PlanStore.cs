using HealthMLOps.Storage;
using Orleans.Serialization;

namespace HealthMLOps.Rings;

/// <summary>The plan's one row and the leases on it. The database's clock stamps each lease, and its row lock orders leases against changes.</summary>
public sealed class PlanStore(Database database, Serializer serializer)
{
    /// <summary>Attempts of one change against others before the caller is told.</summary>
    private const int ChangeAttemptsMax = 20;

    private const string SqliteNow = "CAST((julianday('now') - 2440587.5) * 86400000 AS INTEGER)";
    private const string PostgresNow = "(extract(epoch FROM clock_timestamp()) * 1000)::bigint";

    private bool IsPostgres => database.Provider == StorageProvider.Postgres;

    private string Now => IsPostgres ? PostgresNow : SqliteNow;

    public async Task<PublishedPlan> Read(CancellationToken cancellation)
    {
        var rows = await database.Query("SELECT epoch, payload FROM serving_plan WHERE id = 1", row => Plan(row.GetInt64(0), row.GetFieldValue<byte[]>(1)), cancellation);
        return rows[0];
    }

    /// <summary>Grants this silo a lease on the plan as it stands; a change that commits later waits for it to end, or to be renewed.</summary>
    /// <returns>The epoch that the lease is on.</returns>
    public async Task<long> Grant(string silo, TimeSpan length, CancellationToken cancellation)
    {
        // On PostgreSQL the share lock is what makes a change wait for grants in flight, and grants for changes; SQLite writes one after the other.
        var granted = await database.Change(
            $"""
            INSERT INTO plan_leases (silo, epoch, granted_ms, lease_ms)
            SELECT @silo, plan.epoch, {Now}, @lease FROM (SELECT epoch FROM serving_plan WHERE id = 1 {(IsPostgres ? "FOR SHARE" : "")}) AS plan WHERE true
            ON CONFLICT (silo) DO UPDATE SET epoch = excluded.epoch, granted_ms = excluded.granted_ms, lease_ms = excluded.lease_ms
            RETURNING epoch
            """,
            row => row.GetInt64(0), cancellation, ("@silo", silo), ("@lease", (long)length.TotalMilliseconds));
        return granted[0];
    }

    /// <summary>Gives a lease back, so that no change waits for a silo that has stopped serving.</summary>
    public Task<int> Return(string silo, CancellationToken cancellation) =>
        database.Change("DELETE FROM plan_leases WHERE silo = @silo", cancellation, ("@silo", silo));

    /// <summary>Changes the plan; durable when it returns. What changes nothing is not written.</summary>
    /// <exception cref="RolloutRefused">The change is not allowed.</exception>
    public async Task<PublishedPlan> Change(Func<PublishedPlan, PublishedPlan> change, CancellationToken cancellation)
    {
        for (var attempt = 1; attempt <= ChangeAttemptsMax; attempt++)
        {
            var before = await Read(cancellation);
            var after = change(before);
            if (after.Epoch == before.Epoch) return before;
            var written = await database.Change("UPDATE serving_plan SET epoch = @after, payload = @payload WHERE id = 1 AND epoch = @before", cancellation,
                ("@after", after.Epoch), ("@before", before.Epoch), ("@payload", VersionedPayload.With(serializer.SerializeToArray(after))));
            if (written == 1) return after;
        }
        throw new LogBusy($"The plan changed {ChangeAttemptsMax} times while it was being changed; nothing was written.", TimeSpan.FromSeconds(1));
    }

    /// <summary>Silos that may still serve by an older plan: neither renewed since, nor past their lease and a tenth by the database's clock.</summary>
    public Task<IReadOnlyList<string>> Outstanding(long epoch, CancellationToken cancellation) =>
        database.Query($"SELECT silo FROM plan_leases WHERE epoch < @epoch AND granted_ms + lease_ms + lease_ms / 10 >= {Now}", row => row.GetString(0), cancellation, ("@epoch", epoch));

    /// <summary>Forgets leases that ended long ago.</summary>
    public Task<int> Sweep(CancellationToken cancellation) =>
        database.Change($"DELETE FROM plan_leases WHERE granted_ms + 100 * lease_ms < {Now}", cancellation);

    private PublishedPlan Plan(long epoch, byte[] payload) => payload.Length == 0
        ? PublishedPlan.Empty with { Epoch = epoch }
        : OfAnyRelease(serializer.Deserialize<PublishedPlan>(VersionedPayload.ContentOf(payload, "serving plan")) ?? throw new InvalidDataException("The stored serving plan is null."));

    private static PublishedPlan OfAnyRelease(PublishedPlan plan) =>
        plan is { RestartedAt: not null, RestartedEpoch: 0 } ? plan with { RestartedAt = null, RestartedEpoch = plan.Epoch } : plan;
}
