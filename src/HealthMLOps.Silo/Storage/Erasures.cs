using System.Collections.Immutable;
using HealthMLOps.Clinical;

namespace HealthMLOps.Storage;

/// <summary>The erasure ledger: patients whose data key was destroyed. What the log holds of them is unreadable for ever, and nothing new is taken for them.</summary>
public sealed class Erasures(Database database, PatientKeys keys, TimeProvider clock)
{
    /// <summary>So often the write-ahead log is tried at once, with <see cref="PurgePause"/> between.</summary>
    private const int PurgeTriesMax = 4;

    private const int PurgeWaitMs = 200;
    private static readonly TimeSpan PurgePause = TimeSpan.FromMilliseconds(50);

    /// <summary>The tables that an erasure takes rows or content out of.</summary>
    private static readonly string[] HeldThePatient = ["patient_keys", "snapshots", "patient_names", "resource_index", "quarantine"];

    private volatile ImmutableHashSet<PatientKey> _erased = [];
    private volatile bool _mustPurge = true;

    /// <summary>As of the last <see cref="Refresh"/>.</summary>
    public bool Has(PatientKey patient) => _erased.Contains(patient);

    /// <inheritdoc cref="PatientKeys.IsErased"/>
    public Task<bool> IsErased(PatientKey patient, CancellationToken cancellation) => keys.IsErased(patient, cancellation);

    /// <summary>
    /// Destroys a patient's key, snapshot and place in the resource index, and notes it in the ledger: all or nothing, durable
    /// on return, and a repeat changes nothing. The log's rows stay: their numbers and digests are evidence, their content is noise.
    /// </summary>
    public async Task Erase(PatientKey patient, CancellationToken cancellation)
    {
        try
        {
            if (database.Provider == StorageProvider.Sqlite) await EraseInSqlite(patient);
            else await EraseInPostgres(patient, cancellation);
        }
        finally
        {
            // Whatever failed after the commit, the open key goes; the ledger decides.
            keys.Drop(patient);
        }
        _erased = _erased.Add(patient);
        await Purge(cancellation);
    }

    /// <summary>Takes over what other silos erased: their patients' keys are forgotten here too.</summary>
    public async Task Refresh(CancellationToken cancellation)
    {
        var erased = (await database.Query("SELECT patient FROM erasures", row => new PatientKey(row.GetString(0)), cancellation)).ToImmutableHashSet();
        foreach (var patient in erased) keys.Drop(patient);
        _erased = erased;
        // After a crash the log of the former process may still hold what was erased.
        if (_mustPurge && database.Provider == StorageProvider.Sqlite && !erased.IsEmpty) _mustPurge = !await database.OnSqlite(EmptyLog);
    }

    /// <summary>
    /// Takes what was overwritten out of the disk as far as this process can: empties the embedded database's write-ahead log, or
    /// clears PostgreSQL's dead rows. A log that a reader holds is tried a few times here, then by <see cref="ErasureWatch"/>.
    /// </summary>
    /// <returns>Where traces remain for now, and until when; null = nowhere.</returns>
    public async Task<string?> Purge(CancellationToken cancellation)
    {
        if (database.Provider == StorageProvider.Postgres)
        {
            foreach (var table in HeldThePatient) await database.Change($"VACUUM {table}", cancellation);
            return "The free space of PostgreSQL's files holds what was erased until it is used again, its write-ahead log and backups until they expire: the sealed key, snapshot, name, resource ids and quarantined items, and the patient's number beside them.";
        }
        for (var tries = 1; ; tries++)
        {
            _mustPurge = !await database.OnSqlite(EmptyLog);
            if (!_mustPurge) return null;
            if (tries == PurgeTriesMax) return "The write-ahead log is read by somebody and holds the sealed key; it is emptied as soon as they are done.";
            await Task.Delay(PurgePause, cancellation);
        }
    }

    private Task<bool> EraseInSqlite(PatientKey patient) => database.OnSqlite(connection =>
    {
        SecureDelete.While(connection, () =>
        {
            using var transaction = connection.BeginTransaction(deferred: false);
            foreach (var sql in Statements.Append("DELETE FROM resource_recent WHERE patient = @patient")) Run(connection, transaction, sql, patient);
            transaction.Commit();
        });
        database.Recent.Load(SqliteLogDatabase.Recent(connection));
        return true;
    });

    /// <summary>Whether the write-ahead log is empty now. Waits only briefly for readers: other writers queue behind this.</summary>
    private static bool EmptyLog(Microsoft.Data.Sqlite.SqliteConnection connection)
    {
        Run(connection, $"PRAGMA busy_timeout = {PurgeWaitMs}");
        try
        {
            using var checkpoint = Database.Command(connection, "PRAGMA wal_checkpoint(TRUNCATE)");
            return Convert.ToInt64(checkpoint.ExecuteScalar(), System.Globalization.CultureInfo.InvariantCulture) == 0; // The first column says "busy".
        }
        finally { Run(connection, $"PRAGMA busy_timeout = {(int)SqliteDataSource.BusyTimeout.TotalMilliseconds}"); }
    }

    private async Task EraseInPostgres(PatientKey patient, CancellationToken cancellation)
    {
        await using (var connection = await database.Source.OpenConnectionAsync(cancellation))
        await using (var transaction = await connection.BeginTransactionAsync(cancellation))
        {
            foreach (var sql in Statements) Run(connection, transaction, sql, patient);
            await transaction.CommitAsync(cancellation);
        }
    }

    private static IEnumerable<string> Statements =>
    [
        "INSERT INTO erasures (patient, at_ticks) VALUES (@patient, @at) ON CONFLICT (patient) DO NOTHING",
        "DELETE FROM patient_keys WHERE patient = @patient",
        "DELETE FROM snapshots WHERE patient = @patient",
        "DELETE FROM patient_names WHERE patient = @patient",
        "DELETE FROM resource_index WHERE patient = @patient",
    ];

    private void Run(System.Data.Common.DbConnection connection, System.Data.Common.DbTransaction transaction, string sql, PatientKey patient)
    {
        using var command = Database.Command(connection, sql, sql.Contains("@at", StringComparison.Ordinal)
            ? [("@patient", patient.Value), ("@at", clock.GetUtcNow().UtcTicks)] : [("@patient", patient.Value)]);
        command.Transaction = transaction;
        command.ExecuteNonQuery();
    }

    private static void Run(System.Data.Common.DbConnection connection, string sql)
    {
        using var command = Database.Command(connection, sql);
        command.ExecuteNonQuery();
    }
}
