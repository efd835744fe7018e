using System.Text.Json;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace HealthMLOps.Hosting;

/// <summary>A server's list as a table: a row an object, a column a field.</summary>
public static class JsonTable
{
    /// <summary>The wished columns that the server sent, in that order; when it sent fewer than two of them, every column it sent.</summary>
    public static IRenderable Of(JsonElement answer, params string[] wished)
    {
        var rows = Rows(answer);
        if (rows.Count == 0) return new Text("None.");
        var sent = rows.Where(row => row.ValueKind == JsonValueKind.Object)
            .SelectMany(row => row.EnumerateObject().Select(field => field.Name)).Distinct().ToList();
        if (sent.Count == 0) return new Rows(rows.Select(row => new Text(JsonWords.Of(row))));

        var columns = wished.Where(sent.Contains).ToList();
        return Table(rows, columns.Count >= 2 ? columns : sent);
    }

    /// <summary>The list itself, or the first list in the object around it (a page), or the one object.</summary>
    public static IReadOnlyList<JsonElement> Rows(JsonElement answer)
    {
        if (answer.ValueKind == JsonValueKind.Array) return [.. answer.EnumerateArray()];
        if (answer.ValueKind != JsonValueKind.Object) return [];
        var lists = answer.EnumerateObject().Where(field => field.Value.ValueKind == JsonValueKind.Array).Take(1).ToList();
        return lists is [var list] ? [.. list.Value.EnumerateArray()] : [answer];
    }

    public static Table WithHeadings(params IEnumerable<string> headings)
    {
        var table = new Table { Border = TableBorder.Simple };
        foreach (var heading in headings) table.AddColumn(new TableColumn(new Text(heading)));
        return table;
    }

    public static void AddWords(this Table table, params IEnumerable<string> cells) =>
        table.AddRow(cells.Select(cell => new Text(cell)));

    private static Table Table(IReadOnlyList<JsonElement> rows, List<string> columns)
    {
        var table = WithHeadings(columns.Select(JsonWords.Heading));
        foreach (var row in rows) table.AddWords(columns.Select(column => JsonWords.Of(row.Field(column))));
        return table;
    }
}
