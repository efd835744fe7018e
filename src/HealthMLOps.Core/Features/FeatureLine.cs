using System.Collections.Immutable;
using System.Text.Json;
using HealthMLOps.Clinical;

namespace HealthMLOps.Features;

/// <summary>One feature as its file writes it. Every refusal names the feature, what it holds and what is allowed.</summary>
internal sealed class FeatureLine
{
    private readonly JsonElement _line;

    public FeatureLine(string set, int place, JsonElement line)
    {
        (Place, _line) = ($"features[{place}] of '{set}'", line);
        if (line.ValueKind != JsonValueKind.Object) throw Refused($"is {line.ValueKind}; a feature is an object");
        Name = Text("name");
        Place = $"'{Name}' of '{set}'";
        Kind = OptionalText("kind") ?? "measurement";
    }

    public string Name { get; }
    public string Kind { get; }
    private string Place { get; }

    public InvalidConfiguration Refused(string because) => new($"Feature {Place} {because}.");

    public bool Has(string property) => _line.TryGetProperty(property, out _);

    public void AllowOnly(ReadOnlySpan<string> properties)
    {
        foreach (var property in _line.EnumerateObject())
            if (property.Name is not ("name" or "kind") && !properties.Contains(property.Name))
                throw Refused($"has '{property.Name}'; a feature of kind '{Kind}' has only name, kind{(properties.IsEmpty ? "" : ", ")}{string.Join(", ", properties!)}");
    }

    public string Text(string property) => OptionalText(property) ?? throw Refused($"has no '{property}'; a feature of its kind needs it");

    public string? OptionalText(string property)
    {
        if (!_line.TryGetProperty(property, out var value)) return null;
        return value.ValueKind == JsonValueKind.String && value.GetString() is { Length: > 0 } text
            ? text
            : throw Refused($"has {value.ValueKind} as '{property}'; allowed is a text");
    }

    public ImmutableArray<string> Texts(string property)
    {
        if (!_line.TryGetProperty(property, out var value)) return [];
        if (value.ValueKind != JsonValueKind.Array || value.EnumerateArray().Any(one => one.ValueKind != JsonValueKind.String))
            throw Refused($"has no list of texts as '{property}'; allowed is one");
        return [.. value.EnumerateArray().Select(one => one.GetString() ?? "")];
    }

    public JsonElement? Object(string property)
    {
        if (!_line.TryGetProperty(property, out var value)) return null;
        return value.ValueKind == JsonValueKind.Object ? value : throw Refused($"has {value.ValueKind} as '{property}'; allowed is an object");
    }

    public FeatureWindow Window()
    {
        var text = Text("window");
        return FeatureWindow.Parse(text) ?? throw Refused($"has the window '{text}'; allowed are durations of weeks, days, hours and minutes such as PT24H, 'encounter', 'first:PT48H' and 'ever'");
    }

    public TimeSpan Duration(string text) =>
        FeatureWindow.Duration(text) ?? throw Refused($"has the duration '{text}'; allowed are weeks, days, hours and minutes such as P7D or PT24H");

    public ImmutableArray<CodePattern> Patterns(string property) =>
        [.. Texts(property).Select(text => CodePattern.Parse(text) ?? throw Refused($"has the code '{text}'; allowed are system|code and system|prefix*"))];

    /// <summary>The value that a property's word stands for; <paramref name="otherwise"/> where it is absent.</summary>
    public T Word<T>(string property, T? otherwise) where T : struct, Enum
    {
        if (OptionalText(property) is not { } text)
            return otherwise ?? throw Refused($"has no '{property}'; allowed are {string.Join(", ", Words<T>())}");
        return Parse<T>(property, text);
    }

    public ImmutableArray<T> WordList<T>(string property) where T : struct, Enum => [.. Texts(property).Select(text => Parse<T>(property, text))];

    private T Parse<T>(string property, string text) where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
            if (Spelled(value.ToString()) == text) return value;
        throw Refused($"has '{text}' as '{property}'; allowed are {string.Join(", ", Words<T>())}");
    }

    private static IEnumerable<string> Words<T>() where T : struct, Enum => Enum.GetNames<T>().Select(Spelled);

    /// <summary>SlopePerDay as "slope-per-day".</summary>
    private static string Spelled(string name) =>
        string.Concat(name.Select((letter, i) => char.IsUpper(letter) && i > 0 ? $"-{char.ToLowerInvariant(letter)}" : $"{char.ToLowerInvariant(letter)}"));
}
