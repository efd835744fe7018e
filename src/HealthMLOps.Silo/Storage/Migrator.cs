using System.Data.Common;
using System.Diagnostics;
using System.Globalization;
using System.Reflection;
using Npgsql;

namespace HealthMLOps.Storage;

/// <summary>Brings a database to this release's schema from the numbered scripts in <c>Sql/</c>.</summary>
/// <remarks>Silos that start at once queue behind a lock; a schema of a newer release is left alone and refused.</remarks>
public static class Migrator
{
    /// <summary>"healthml" as a number: the advisory lock of PostgreSQL that migrations hold.</summary>
    private const long LockKey = 0x6865616C74686D6C;

    private const string VersionTable =
        "CREATE TABLE IF NOT EXISTS schema_version (number integer PRIMARY KEY, name text NOT NULL)";

    /// <exception cref="StorageUnusable">A newer release has written the schema.</exception>
    public static async Task Apply(Database database, CancellationToken cancellation)
    {
        if (database.Provider == StorageProvider.Sqlite)
        {
            await database.OnSqlite(connection =>
            {
                using var transaction = connection.BeginTransaction(deferred: false);
                Run(connection, transaction, ScriptsOf("sqlite"));
                transaction.Commit();
                return true;
            });
            return;
        }

        await using var postgres = await database.Source.OpenConnectionAsync(cancellation);
        await using var applied = await postgres.BeginTransactionAsync(cancellation);
        Execute(postgres, applied, $"SELECT pg_advisory_xact_lock({LockKey})");
        Run(postgres, applied, ScriptsOf("postgres"));
        await applied.CommitAsync(cancellation);
        // New types or tables must be seen by connections that were opened before.
        ((NpgsqlDataSource)database.Source).Clear();
    }

    private static void Run(DbConnection connection, DbTransaction transaction, IReadOnlyList<Script> scripts)
    {
        Execute(connection, transaction, VersionTable);
        var stored = Convert.ToInt32(Execute(connection, transaction, "SELECT coalesce(max(number), 0) FROM schema_version"), CultureInfo.InvariantCulture);
        var newest = scripts[^1].Number;
        if (stored > newest)
            throw new StorageUnusable($"The database's schema is version {stored}, written by a newer release; this release knows up to {newest}. Start the newer release, or restore a backup.");

        foreach (var script in scripts.Where(s => s.Number > stored))
        {
            Execute(connection, transaction, script.Sql);
            // Both values come from our own resource names: a number and a file name.
            Execute(connection, transaction, $"INSERT INTO schema_version (number, name) VALUES ({script.Number}, '{script.Name}')");
        }
    }

    private static object? Execute(DbConnection connection, DbTransaction transaction, string sql)
    {
        using var command = connection.CreateCommand();
        command.Transaction = transaction;
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    private static List<Script> ScriptsOf(string dialect)
    {
        var assembly = Assembly.GetExecutingAssembly();
        var prefix = $"sql/{dialect}/";
        return [.. assembly.GetManifestResourceNames()
            .Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Order(StringComparer.Ordinal)
            .Select(name =>
            {
                using var text = new StreamReader(assembly.GetManifestResourceStream(name) ?? throw new UnreachableException());
                var file = Path.GetFileNameWithoutExtension(name);
                return new Script(int.Parse(file.AsSpan(0, 3), CultureInfo.InvariantCulture), file, text.ReadToEnd());
            })];
    }

    private sealed record Script(int Number, string Name, string Sql);
}
