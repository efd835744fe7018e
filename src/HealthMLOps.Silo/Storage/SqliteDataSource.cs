using System.Data.Common;
using Microsoft.Data.Sqlite;

namespace HealthMLOps.Storage;

/// <summary>Connections to one SQLite file, each durable on commit and patient with foreign writers.</summary>
public sealed class SqliteDataSource : DbDataSource
{
    /// <summary>How long a statement waits for another process or thread that is writing.</summary>
    public static readonly TimeSpan BusyTimeout = TimeSpan.FromSeconds(15);

    /// <summary>Pages of 4 KiB in the write-ahead log before it is written back: keyed digests touch pages at random, so rarer is cheaper.</summary>
    private const int CheckpointPages = 8_000;

    private readonly string _pragmas = $"PRAGMA busy_timeout = {(int)BusyTimeout.TotalMilliseconds}; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA wal_autocheckpoint = {CheckpointPages};";

    public SqliteDataSource(string file)
    {
        File = Path.GetFullPath(file);
        ConnectionString = new SqliteConnectionStringBuilder
        {
            DataSource = File, Mode = SqliteOpenMode.ReadWriteCreate, Pooling = true,
            DefaultTimeout = (int)BusyTimeout.TotalSeconds,
        }.ToString();
    }

    public string File { get; }

    public override string ConnectionString { get; }

    /// <summary>Makes the file a write-ahead-log database, which it then stays.</summary>
    public void UseWriteAheadLog()
    {
        using var connection = Open();
        using var command = connection.CreateCommand();
        command.CommandText = "PRAGMA journal_mode = WAL;";
        command.ExecuteNonQuery();
    }

    public SqliteConnection Open()
    {
        var connection = new SqliteConnection(ConnectionString);
        try
        {
            connection.Open();
            Configure(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    protected override DbConnection CreateDbConnection()
    {
        var connection = new SqliteConnection(ConnectionString);
        connection.StateChange += (_, change) =>
        {
            if (change.CurrentState == System.Data.ConnectionState.Open) Configure(connection);
        };
        return connection;
    }

    protected override DbConnection OpenDbConnection() => Open();

    protected override void Dispose(bool disposing)
    {
        if (disposing) CloseIdle();
        base.Dispose(disposing);
    }

    protected override async ValueTask DisposeAsyncCore()
    {
        CloseIdle();
        await base.DisposeAsyncCore();
    }

    private void CloseIdle()
    {
        using var connection = new SqliteConnection(ConnectionString);
        SqliteConnection.ClearPool(connection);
    }

    private void Configure(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = _pragmas;
        command.ExecuteNonQuery();
    }
}
