using System.Collections.Frozen;
using HealthMLOps.Clinical;
using HealthMLOps.Hosting;
using HealthMLOps.Privacy;

namespace HealthMLOps.Intake;

/// <summary>The configured EHRs and a reader for each that is enabled.</summary>
public sealed class SourceBook
{
    private readonly FrozenDictionary<SourceName, SourceProfile> _profiles;
    private FrozenDictionary<SourceName, ResourceReader>? _readers;

    private SourceBook(IEnumerable<SourceProfile> profiles) => _profiles = profiles.ToFrozenDictionary(p => p.Name);

    /// <exception cref="InvalidConfiguration">A source file is refused, or two have one name.</exception>
    public static SourceBook Read(PolicyFolder policy)
    {
        var profiles = policy.Read("sources").Select(f => SourceProfile.Read(f.Json)).ToList();
        var twice = profiles.GroupBy(p => p.Name).FirstOrDefault(g => g.Count() > 1);
        return twice is null ? new SourceBook(profiles) : throw new InvalidConfiguration($"Source '{twice.Key}' is configured {twice.Count()} times; once is allowed.");
    }

    /// <summary>The enabled sources.</summary>
    public IEnumerable<SourceName> Names => _profiles.Values.Where(p => p.Enabled).Select(p => p.Name).OrderBy(n => n.Value, StringComparer.Ordinal);

    public IEnumerable<SourceProfile> Profiles => _profiles.Values.OrderBy(p => p.Name.Value, StringComparer.Ordinal);

    /// <summary>The enabled sources with the references to their notification secrets.</summary>
    public IReadOnlyDictionary<SourceName, IEnumerable<string>> Secrets =>
        _profiles.Values.Where(p => p.Enabled).ToDictionary(p => p.Name, p => (IEnumerable<string>)p.NotificationSecrets);

    public bool IsEnabled(SourceName name) => _profiles.TryGetValue(name, out var profile) && profile.Enabled;

    /// <summary>Makes the readers; called once, when catalogue and keys are there.</summary>
    public void Equip(ConceptCatalog concepts, IdentityKeys keys) =>
        _readers = _profiles.Values.Where(p => p.Enabled).ToFrozenDictionary(p => p.Name, p => new ResourceReader(p, concepts, keys));

    /// <exception cref="KeyNotFoundException">The source is not configured or not enabled.</exception>
    public ResourceReader Reader(SourceName name) => (_readers ?? throw new InvalidOperationException("The source book has no readers yet."))[name];
}
