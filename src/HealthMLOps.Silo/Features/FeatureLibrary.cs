using System.Collections.Frozen;
using HealthMLOps.Clinical;
using HealthMLOps.Hosting;

namespace HealthMLOps.Features;

/// <summary>All feature sets of <c>config/features</c>, by name and by hash.</summary>
public sealed class FeatureLibrary
{
    private readonly FrozenDictionary<string, FeatureSet> _byName;
    private readonly FrozenDictionary<string, FeatureSet> _byHash;

    /// <exception cref="InvalidConfiguration">A file is refused, or two sets have one name.</exception>
    public FeatureLibrary(PolicyFolder policy, ConceptCatalog catalog)
    {
        var sets = policy.Read("features").Select(f => FeatureSet.Read(f.Json, catalog)).ToList();
        var twice = sets.GroupBy(s => s.Name).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null) throw new InvalidConfiguration($"Feature set '{twice.Key}' is defined {twice.Count()} times; once is allowed.");
        _byName = sets.ToFrozenDictionary(s => s.Name, StringComparer.Ordinal);
        _byHash = sets.ToFrozenDictionary(s => s.Hash, StringComparer.Ordinal);
    }

    public IEnumerable<string> Names => _byName.Keys.Order(StringComparer.Ordinal);

    public bool Has(string name) => _byName.ContainsKey(name);

    /// <exception cref="KeyNotFoundException">No set has that name.</exception>
    public FeatureSet Named(string name) => _byName[name];

    public FeatureSet? WithHash(string hash) => _byHash.GetValueOrDefault(hash);
}
