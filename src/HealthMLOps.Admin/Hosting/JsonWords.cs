using System.Text;
using System.Text.Json;

namespace HealthMLOps.Hosting;

/// <summary>A JSON value as a person reads it in a table's cell.</summary>
public static class JsonWords
{
    /// <summary>A longer list is cut, with the count of what is left.</summary>
    public const int ListedMax = 6;

    public const string Absent = "–";

    public static string Of(JsonElement? value) => value switch
    {
        null or { ValueKind: JsonValueKind.Null or JsonValueKind.Undefined } => Absent,
        { ValueKind: JsonValueKind.True } => "yes",
        { ValueKind: JsonValueKind.False } => "no",
        { ValueKind: JsonValueKind.String } text => PlainText.Of(text.GetString() ?? ""),
        { ValueKind: JsonValueKind.Array } list => Listed(list.EnumerateArray().Select(item => Of(item)).ToList()),
        { ValueKind: JsonValueKind.Object } thing =>
            Listed(thing.EnumerateObject().Select(field => $"{PlainText.Of(field.Name)}={Of(field.Value)}").ToList()),
        { } number => number.GetRawText(),
    };

    /// <summary>The field of that name; null where this is no object or has none.</summary>
    public static JsonElement? Field(this JsonElement thing, string name) =>
        thing.ValueKind == JsonValueKind.Object && thing.TryGetProperty(name, out var value) ? value : null;

    /// <summary>The text of that field; null where it is absent or no text.</summary>
    public static string? Words(this JsonElement thing, string name) =>
        thing.Field(name) is { ValueKind: JsonValueKind.String } text ? text.GetString() : null;

    /// <summary>The whole number in that field; 0 where it is absent.</summary>
    public static long Count(this JsonElement thing, string name) =>
        thing.Field(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var count) ? count : 0;

    /// <summary><c>packageDigest</c> as <c>package digest</c>.</summary>
    public static string Heading(string name)
    {
        var heading = new StringBuilder(name.Length + 4);
        for (var at = 0; at < name.Length; at++)
        {
            if (at > 0 && char.IsUpper(name[at]) && char.IsLower(name[at - 1])) heading.Append(' ').Append(char.ToLowerInvariant(name[at]));
            else heading.Append(name[at]);
        }
        return PlainText.Of(heading.ToString());
    }

    private static string Listed(List<string> items) => items.Count == 0 ? Absent : items.Count <= ListedMax
        ? string.Join(", ", items)
        : $"{string.Join(", ", items.Take(ListedMax))} and {items.Count - ListedMax} more";
}
