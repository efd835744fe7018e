using System.Collections.Immutable;
using HealthMLOps.Clinical;

namespace HealthMLOps.Storage;

/// <summary>The erasure ledger: patients whose data key was destroyed. What the log holds of them is unreadable for ever, and nothing new is taken for them.</summary>
public sealed class Erasures(Database database, PatientKeys keys, TimeProvider clock)
{
    private volatile ImmutableHashSet<PatientKey> _erased = [];

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
        if (database.Provider == StorageProvider.Postgres) await database.Change("VACUUM patient_keys", cancellation);
    }

    /// <summary>Takes over what other silos erased: their patients' keys are forgotten here too.</summary>
    public async Task Refresh(CancellationToken cancellation)
    {
        var erased = (await database.Query("SELECT patient FROM erasures", row => new PatientKey(row.GetString(0)), cancellation)).ToImmutableHashSet();
        foreach (var patient in erased) keys.Drop(patient);
        _erased = erased;
    }

    private Task<bool> EraseInSqlite(PatientKey patient) => database.OnSqlite(connection =>
    {
        // Freed pages are overwritten with zeros, and the write-ahead log is emptied, so that the key is gone from the file too.
        Run(connection, null, "PRAGMA secure_delete = ON");
        using (var transaction = connection.BeginTransaction(deferred: false))
        {
            foreach (var sql in Statements.Append("DELETE FROM resource_recent WHERE patient = @patient")) Run(connection, transaction, sql, patient);
            transaction.Commit();
        }
        database.Recent.Load(SqliteLogDatabase.Recent(connection));
        Run(connection, null, "PRAGMA wal_checkpoint(TRUNCATE)");
        Run(connection, null, "PRAGMA secure_delete = OFF");
        return true;
    });

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

    private void Run(System.Data.Common.DbConnection connection, System.Data.Common.DbTransaction? transaction, string sql, PatientKey? patient = null)
    {
        using var command = connection.CreateCommand();
        (command.CommandText, command.Transaction) = (sql, transaction);
        if (patient is { } one) Add(command, "@patient", one.Value);
        if (sql.Contains("@at", StringComparison.Ordinal)) Add(command, "@at", clock.GetUtcNow().UtcTicks);
        command.ExecuteNonQuery();
    }

    private static void Add(System.Data.Common.DbCommand command, string name, object value)
    {
        var parameter = command.CreateParameter();
        (parameter.ParameterName, parameter.Value) = (name, value);
        command.Parameters.Add(parameter);
    }
}
