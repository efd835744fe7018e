using System.Diagnostics;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace HealthMLOps.Storage;

/// <summary>One prepared statement with positional parameters on the writing connection, run without the ADO.NET layers: rows come by the million.</summary>
internal sealed class SqliteStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    /// <param name="connection">Open, and outliving the statement.</param>
    /// <param name="sql">Its parameters are $1, $2, … in this order.</param>
    public SqliteStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle ?? throw new InvalidOperationException("A statement needs an open connection.");
        Check(raw.sqlite3_prepare_v2(_database, sql, out _statement));
    }

    /// <summary>Runs it; returns the number of rows changed.</summary>
    public int Run(params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++) Check(Bind(i + 1, values[i]));
        var code = raw.sqlite3_step(_statement);
        try
        {
            if (code != raw.SQLITE_DONE) Check(code);
            return raw.sqlite3_changes(_database);
        }
        finally
        {
            _ = raw.sqlite3_reset(_statement); // It says again what the step said.
        }
    }

    /// <summary>Runs it; returns the one text that it returns, or null.</summary>
    public string? Ask(params ReadOnlySpan<object?> values)
    {
        for (var i = 0; i < values.Length; i++) Check(Bind(i + 1, values[i]));
        var code = raw.sqlite3_step(_statement);
        try
        {
            if (code == raw.SQLITE_DONE) return null;
            if (code != raw.SQLITE_ROW) Check(code);
            var answer = raw.sqlite3_column_type(_statement, 0) == raw.SQLITE_NULL ? null : raw.sqlite3_column_text(_statement, 0).utf8_to_string();
            Check(raw.sqlite3_step(_statement) is var last && last == raw.SQLITE_DONE ? raw.SQLITE_OK : last);
            return answer;
        }
        finally
        {
            _ = raw.sqlite3_reset(_statement);
        }
    }

    public void Dispose() => _statement.Dispose();

    private int Bind(int place, object? value) => value switch
    {
        null => raw.sqlite3_bind_null(_statement, place),
        long number => raw.sqlite3_bind_int64(_statement, place, number),
        int number => raw.sqlite3_bind_int(_statement, place, number),
        string text => raw.sqlite3_bind_text(_statement, place, text),
        byte[] bytes => raw.sqlite3_bind_blob(_statement, place, bytes),
        _ => throw new UnreachableException(),
    };

    private void Check(int code) => SqliteException.ThrowExceptionForRC(code, _database);
}
