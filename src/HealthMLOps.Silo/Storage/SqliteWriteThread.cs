using System.Collections.Concurrent;
using Microsoft.Data.Sqlite;

namespace HealthMLOps.Storage;

/// <summary>The one thread of this process that writes to its SQLite file: writers queue in order instead of polling for the lock.</summary>
/// <remarks>Microsoft.Data.Sqlite blocks while it writes; on a thread of its own it blocks nobody else.</remarks>
internal sealed class SqliteWriteThread : IDisposable
{
    /// <summary>Writes that may wait; the next one is refused with <see cref="LogBusy"/>.</summary>
    public const int QueueCountMax = 10_000;

    /// <summary>Page cache of the writing connection, in KiB: large enough for the upper levels of the indexes.</summary>
    private const int CacheKiB = 64 * 1024;

    private readonly SqliteDataSource _source;
    private readonly BlockingCollection<Action> _queue = new(QueueCountMax);
    private readonly Thread _thread;
    private SqliteConnection? _connection;

    public SqliteWriteThread(SqliteDataSource source)
    {
        _source = source;
        _thread = new Thread(Work) { IsBackground = true, Name = "sqlite-writer" };
        _thread.Start();
    }

    /// <summary>Runs a write on the thread's connection. After a failure the next write gets a fresh connection.</summary>
    public Task<T> Run<T>(Func<SqliteConnection, T> write)
    {
        var done = new TaskCompletionSource<T>(TaskCreationOptions.RunContinuationsAsynchronously);
        if (!_queue.TryAdd(() => Complete(write, done)))
            throw new LogBusy($"The embedded database has {QueueCountMax} writes waiting, as many as it may.", TimeSpan.FromSeconds(1));
        return done.Task;
    }

    public void Dispose()
    {
        if (_queue.IsAddingCompleted) return;
        _queue.CompleteAdding();
        _thread.Join();
        _connection?.Dispose();
        _queue.Dispose();
    }

    private SqliteConnection Connect()
    {
        var connection = _source.Open();
        using var command = connection.CreateCommand();
        command.CommandText = $"PRAGMA cache_size = -{CacheKiB}";
        command.ExecuteNonQuery();
        return connection;
    }

    private void Work()
    {
        foreach (var write in _queue.GetConsumingEnumerable()) write();
    }

    private void Complete<T>(Func<SqliteConnection, T> write, TaskCompletionSource<T> done)
    {
        try
        {
            done.SetResult(write(_connection ??= Connect()));
        }
        catch (Exception failure)
        {
            _connection?.Dispose();
            _connection = null;
            done.SetException(failure);
        }
    }
}
