using System.Text.Json;

namespace HealthMLOps.Intake;

/// <summary>What references mean inside one bundle: its entries by <c>fullUrl</c> and by business identifier.</summary>
public sealed class ReferenceScope
{
    /// <summary>The one type whose content is read through a reference to it.</summary>
    private const string ReadThrough = "Medication";

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

    /// <summary>What a resource's references mean here: all that is needed to read it without its bundle.</summary>
    public IReadOnlyList<KeptReference> KeptFor(JsonElement resource)
    {
        var kept = new Dictionary<string, KeptReference>(StringComparer.Ordinal);
        Keep(resource, kept);
        return [.. kept.Values];
    }

    /// <summary>The scope in which kept references mean what they meant.</summary>
    public static ReferenceScope Of(IEnumerable<KeptReference> kept)
    {
        var scope = new ReferenceScope();
        scope.Add(kept);
        return scope;
    }

    internal void Add(IEnumerable<KeptReference> kept)
    {
        foreach (var (written, type, id, resource) in kept)
        {
            var text = written.Reveal();
            var target = new ResolvedReference(type, id);
            if (text.Contains('?', StringComparison.Ordinal)) _byIdentifier[Uri.UnescapeDataString(text)] = target;
            else _byFullUrl.TryAdd(text, target);
            if (resource is { } carried) _byTarget.TryAdd(target, carried);
        }
    }

    private void Keep(JsonElement json, Dictionary<string, KeptReference> kept)
    {
        if (json.ValueKind == JsonValueKind.Array)
            foreach (var item in json.EnumerateArray()) Keep(item, kept);
        if (json.ValueKind != JsonValueKind.Object) return;
        if (TextOf(json, "reference") is { } text && Target(text) is { } target)
            kept.TryAdd(text, new KeptReference(text, target.Type, target.Id, target.Type == ReadThrough ? Resource(target) : null));
        foreach (var property in json.EnumerateObject()) Keep(property.Value, kept);
    }

    private ResolvedReference? Target(string text)
    {
        if (_byFullUrl.TryGetValue(text, out var target) || _byFullUrl.TryGetValue(FhirReference.WithoutVersion(text), out target)) return target;
        if (text.Contains('?', StringComparison.Ordinal)) return Conditional(text);
        return FhirReference.Split(FhirReference.WithoutVersion(text)) is ("", var type, var id) && _byTarget.ContainsKey(new ResolvedReference(type, id))
            ? new ResolvedReference(type, id) : null;
    }

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
