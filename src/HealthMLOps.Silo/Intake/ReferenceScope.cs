using System.Text.Json;

namespace HealthMLOps.Intake;

/// <summary>What references mean inside one bundle: its entries by <c>fullUrl</c> and by business identifier.</summary>
public sealed class ReferenceScope
{
    private readonly Dictionary<string, ResolvedReference> _byFullUrl = new(StringComparer.Ordinal);
    private readonly Dictionary<ResolvedReference, JsonElement> _byTarget = [];
    private readonly Dictionary<string, ResolvedReference?> _byIdentifier = new(StringComparer.Ordinal);

    /// <summary>For a resource that came alone.</summary>
    public static ReferenceScope Empty { get; } = new();

    public bool TryFullUrl(string url, out ResolvedReference target) => _byFullUrl.TryGetValue(url, out target);

    /// <summary>The entry of that type and id, when the bundle carries it.</summary>
    public JsonElement? Resource(ResolvedReference target) => _byTarget.TryGetValue(target, out var resource) ? resource : null;

    /// <summary>Resolves <c>Patient?identifier=system|value</c>; null where no entry, or more than one, has the identifier.</summary>
    public ResolvedReference? Conditional(string reference) =>
        _byIdentifier.GetValueOrDefault(Uri.UnescapeDataString(reference));

    internal void Add(string? fullUrl, ResolvedReference target, JsonElement resource)
    {
        if (fullUrl is not null) _byFullUrl.TryAdd(fullUrl, target);
        _byTarget.TryAdd(target, resource);
        foreach (var (system, value) in Identifiers(resource))
        {
            var query = $"{target.Type}?identifier={system}|{value}";
            // Ambiguous from the second one on: refused rather than guessed.
            _byIdentifier[query] = _byIdentifier.TryGetValue(query, out var known) && known != target ? null : target;
        }
    }

    private static IEnumerable<(string System, string Value)> Identifiers(JsonElement resource)
    {
        if (!resource.TryGetProperty("identifier", out var list) || list.ValueKind != JsonValueKind.Array) yield break;
        foreach (var item in list.EnumerateArray())
            if (TextOf(item, "value") is { } value) yield return (TextOf(item, "system") ?? "", value);
    }

    private static string? TextOf(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var json) && json.ValueKind == JsonValueKind.String ? json.GetString() : null;
}
