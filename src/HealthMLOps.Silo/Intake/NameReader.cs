using System.Text.Json;

namespace HealthMLOps.Intake;

/// <summary>Reads the name by which a patient is called, for the identity vault alone.</summary>
internal static class NameReader
{
    /// <summary>A longer name is cut.</summary>
    public const int LettersMax = 200;

    private static readonly string[] Preferred = ["official", "usual"];

    /// <summary>The official name, else the usual one, else the first; null where there is none.</summary>
    public static string? Read(JsonElement patient)
    {
        if (!patient.TryGetProperty("name", out var names) || names.ValueKind != JsonValueKind.Array) return null;
        var all = names.EnumerateArray().Where(name => name.ValueKind == JsonValueKind.Object).ToList();
        var text = Preferred.SelectMany(use => all.Where(name => Text(name, "use") == use)).Concat(all).Select(Words).FirstOrDefault(words => words.Length > 0);
        return text is { Length: > LettersMax } ? text[..LettersMax] : text;
    }

    private static string Words(JsonElement name) => Text(name, "text") is { Length: > 0 } text ? text
        : string.Join(' ', Listed(name, "given").Append(Text(name, "family")).OfType<string>().Where(part => part.Length > 0));

    private static IEnumerable<string?> Listed(JsonElement name, string field) => name.TryGetProperty(field, out var list) && list.ValueKind == JsonValueKind.Array
        ? list.EnumerateArray().Where(part => part.ValueKind == JsonValueKind.String).Select(part => part.GetString()) : [];

    private static string? Text(JsonElement name, string field) =>
        name.TryGetProperty(field, out var text) && text.ValueKind == JsonValueKind.String ? text.GetString() : null;
}
