using Npgsql;

namespace HealthMLOps.Storage;

/// <summary>Inserts rows of one table with one statement: plain values for one row, arrays unnested for more.</summary>
/// <param name="table">The table.</param>
/// <param name="tail">What follows the rows: ON CONFLICT, RETURNING.</param>
/// <param name="select">What is selected from "written", the rows that the tail returns; null = they are the answer themselves.</param>
internal sealed class PostgresRows<TRow>(string table, string tail = "", string? select = null)
{
    private readonly List<string> _names = [];
    private readonly List<string> _types = [];
    private readonly List<Func<TRow, NpgsqlParameter>> _one = [];
    private readonly List<Func<IReadOnlyList<TRow>, NpgsqlParameter>> _many = [];
    private string? _sqlOfOne;
    private string? _sqlOfMany;

    public PostgresRows<TRow> Column<T>(string name, string type, Func<TRow, T> value)
    {
        _names.Add(name);
        _types.Add(type);
        _one.Add(row => value(row) is { } present
            ? new NpgsqlParameter<T> { TypedValue = present, DataTypeName = type }
            : new NpgsqlParameter { Value = DBNull.Value, DataTypeName = type });
        _many.Add(rows =>
        {
            var values = new T[rows.Count];
            for (var i = 0; i < values.Length; i++) values[i] = value(rows[i]);
            return new NpgsqlParameter<T[]> { TypedValue = values, DataTypeName = type + "[]" };
        });
        return this;
    }

    /// <summary>Adds the statement; nothing for no rows. Returns whether it was added.</summary>
    public bool AddTo(NpgsqlBatch batch, IReadOnlyList<TRow> rows)
    {
        if (rows.Count == 0) return false;
        var command = new NpgsqlBatchCommand(rows.Count == 1 ? _sqlOfOne ??= SqlOfOne() : _sqlOfMany ??= SqlOfMany());
        if (rows.Count == 1)
        {
            foreach (var parameter in _one) command.Parameters.Add(parameter(rows[0]));
        }
        else
        {
            foreach (var parameter in _many) command.Parameters.Add(parameter(rows));
        }
        batch.BatchCommands.Add(command);
        return true;
    }

    private string Head => $"INSERT INTO {table} ({string.Join(", ", _names)})";

    private string SqlOfOne() => Whole($"{Head} VALUES ({string.Join(", ", _names.Select((_, i) => $"${i + 1}"))}) {tail}");

    private string SqlOfMany() => Whole($"{Head} SELECT * FROM unnest({string.Join(", ", _types.Select((type, i) => $"${i + 1}::{type}[]"))}) {tail}");

    private string Whole(string insert) => select is null ? insert : $"WITH written AS ({insert}) {select}";
}
