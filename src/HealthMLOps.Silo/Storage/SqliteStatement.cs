using Microsoft.Data.Sqlite;

namespace HealthMLOps.Storage;

/// <summary>One prepared statement with positional parameters $1, $2, … on the writing connection.</summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly SqliteCommand _command;

    public SqliteStatement(SqliteConnection connection, string sql, int parameters)
    {
        _command = connection.CreateCommand();
        _command.CommandText = sql;
        for (var i = 1; i <= parameters; i++) _command.Parameters.Add(new SqliteParameter($"${i}", DBNull.Value));
    }

    /// <summary>Runs it; returns the number of rows changed.</summary>
    public int Run(SqliteTransaction transaction, params ReadOnlySpan<object?> values)
    {
        Fill(transaction, values);
        return _command.ExecuteNonQuery();
    }

    /// <summary>Runs it; returns the one text that it returns, or null.</summary>
    public string? Ask(SqliteTransaction transaction, params ReadOnlySpan<object?> values)
    {
        Fill(transaction, values);
        return _command.ExecuteScalar() as string;
    }

    public void Dispose() => _command.Dispose();

    private void Fill(SqliteTransaction transaction, ReadOnlySpan<object?> values)
    {
        _command.Transaction = transaction;
        for (var i = 0; i < values.Length; i++) _command.Parameters[i].Value = values[i] ?? DBNull.Value;
    }
}
