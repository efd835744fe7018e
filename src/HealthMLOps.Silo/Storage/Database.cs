using System.Data.Common;
using System.Runtime.CompilerServices;
using Npgsql;

namespace HealthMLOps.Storage;

/// <summary>One database and the plain ways to ask it: the same statements run on SQLite and on PostgreSQL.</summary>
/// <remarks>A changing statement is durable when its task completes. On SQLite all of them run on one thread, in order.</remarks>
public sealed class Database : IAsyncDisposable
{
    private const int PreparedStatementsMax = 64;

    private readonly SqliteWriteThread? _sqliteWrites;

    private Database(StorageProvider provider, DbDataSource source, SqliteWriteThread? sqliteWrites)
    {
        Provider = provider;
        Source = source;
        _sqliteWrites = sqliteWrites;
    }

    public StorageProvider Provider { get; }

    public DbDataSource Source { get; }

    /// <summary>SQLite only: index rows that wait to be merged. One process alone has the file open.</summary>
    internal RecentResources Recent { get; } = new();

    /// <exception cref="ArgumentException">PostgreSQL is asked for without a connection string.</exception>
    public static Database Open(StorageOptions options)
    {
        if (options.Provider == StorageProvider.Sqlite)
        {
            Directory.CreateDirectory(options.DataFolder);
            var source = new SqliteDataSource(options.SqliteFile);
            source.UseWriteAheadLog();
            return new Database(StorageProvider.Sqlite, source, new SqliteWriteThread(source));
        }

        var settings = new NpgsqlConnectionStringBuilder(options.ConnectionString
            ?? throw new ArgumentException("Storage on PostgreSQL needs a connection string; none is configured."));
        if (settings.MaxAutoPrepare == 0)
        {
            settings.MaxAutoPrepare = PreparedStatementsMax;
            settings.AutoPrepareMinUsages = 2;
        }
        return new Database(StorageProvider.Postgres, NpgsqlDataSource.Create(settings), null);
    }

    public async Task<IReadOnlyList<T>> Query<T>(
        string sql, Func<DbDataReader, T> row, CancellationToken cancellation, params (string Name, object? Value)[] parameters)
    {
        await using var connection = await Source.OpenConnectionAsync(cancellation);
        await using var command = Command(connection, sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        var rows = new List<T>();
        while (await reader.ReadAsync(cancellation)) rows.Add(row(reader));
        return rows;
    }

    /// <summary>As <see cref="Query"/>, row by row while the statement runs: for answers too large to hold.</summary>
    public async IAsyncEnumerable<T> Stream<T>(
        string sql, Func<DbDataReader, T> row, [EnumeratorCancellation] CancellationToken cancellation, params (string Name, object? Value)[] parameters)
    {
        await using var connection = await Source.OpenConnectionAsync(cancellation);
        await using var command = Command(connection, sql, parameters);
        await using var reader = await command.ExecuteReaderAsync(cancellation);
        while (await reader.ReadAsync(cancellation)) yield return row(reader);
    }

    /// <summary>Runs one changing statement; returns the number of rows changed.</summary>
    public async Task<int> Change(string sql, CancellationToken cancellation, params (string Name, object? Value)[] parameters)
    {
        if (_sqliteWrites is not null)
        {
            return await OnSqlite(connection =>
            {
                using var write = Command(connection, sql, parameters);
                return write.ExecuteNonQuery();
            });
        }
        await using var connection = await Source.OpenConnectionAsync(cancellation);
        await using var command = Command(connection, sql, parameters);
        return await command.ExecuteNonQueryAsync(cancellation);
    }

    /// <summary>Runs one changing statement that returns rows.</summary>
    public async Task<IReadOnlyList<T>> Change<T>(
        string sql, Func<DbDataReader, T> row, CancellationToken cancellation, params (string Name, object? Value)[] parameters)
    {
        if (_sqliteWrites is null) return await Query(sql, row, cancellation, parameters);
        return await OnSqlite<IReadOnlyList<T>>(connection =>
        {
            using var write = Command(connection, sql, parameters);
            using var reader = write.ExecuteReader();
            var rows = new List<T>();
            while (reader.Read()) rows.Add(row(reader));
            return rows;
        });
    }

    /// <summary>Runs work on SQLite's writing thread.</summary>
    internal Task<T> OnSqlite<T>(Func<Microsoft.Data.Sqlite.SqliteConnection, T> work) =>
        (_sqliteWrites ?? throw new InvalidOperationException("The database is PostgreSQL; it has no writing thread.")).Run(work);

    public async ValueTask DisposeAsync()
    {
        _sqliteWrites?.Dispose();
        await Source.DisposeAsync();
    }

    internal static DbCommand Command(DbConnection connection, string sql, params (string Name, object? Value)[] parameters)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        foreach (var (name, value) in parameters)
        {
            var parameter = command.CreateParameter();
            parameter.ParameterName = name;
            parameter.Value = value ?? DBNull.Value;
            command.Parameters.Add(parameter);
        }
        return command;
    }
}
