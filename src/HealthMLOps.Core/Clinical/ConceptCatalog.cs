using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace HealthMLOps.Clinical;

/// <summary>Every concept by name and by code: the one place that says what "heart-rate" is.</summary>
public sealed class ConceptCatalog
{
    private readonly FrozenDictionary<string, Concept> _byName;
    private readonly FrozenDictionary<Coding, Concept> _byCode;

    /// <exception cref="InvalidConfiguration">Two concepts share a name or a code.</exception>
    public ConceptCatalog(IEnumerable<Concept> concepts)
    {
        Concepts = [.. concepts];
        var byName = new Dictionary<string, Concept>(StringComparer.Ordinal);
        var byCode = new Dictionary<Coding, Concept>();
        foreach (var concept in Concepts)
        {
            if (!byName.TryAdd(concept.Name, concept)) throw new InvalidConfiguration($"The concept '{concept.Name}' is listed twice.");
            foreach (var code in concept.Codes)
            {
                if (!byCode.TryAdd(code, concept))
                    throw new InvalidConfiguration($"The code {code.System}|{code.Code} belongs to '{byCode[code].Name}' and '{concept.Name}'; a code has one concept.");
            }
        }
        _byName = byName.ToFrozenDictionary(StringComparer.Ordinal);
        _byCode = byCode.ToFrozenDictionary();
    }

    public ImmutableArray<Concept> Concepts { get; }

    /// <summary>Reads <c>config/codes/concepts.json</c>.</summary>
    /// <exception cref="InvalidConfiguration">The text breaks a rule; the message names the concept and what is allowed.</exception>
    public static ConceptCatalog Read(string json) => new(ConceptDocument.Read(json));

    public Concept? Named(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The concept that any coding names. Where codings name several, the first coding wins.</summary>
    public Concept? Match(ImmutableArray<Coding> codes) => TryMatch(codes, out var concept, out _) ? concept : null;

    /// <summary>The concept and the coding that named it.</summary>
    public bool TryMatch(ImmutableArray<Coding> codes, [NotNullWhen(true)] out Concept? concept, [NotNullWhen(true)] out Coding? matched)
    {
        foreach (var code in codes)
        {
            if (!_byCode.TryGetValue(code, out var found)) continue;
            (concept, matched) = (found, code);
            return true;
        }
        (concept, matched) = (null, null);
        return false;
    }
}
