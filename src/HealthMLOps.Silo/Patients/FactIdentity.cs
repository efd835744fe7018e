using HealthMLOps.Clinical;

namespace HealthMLOps.Patients;

/// <summary>What makes two facts of one patient the same: their version, or where none was sent their content.</summary>
public readonly record struct FactIdentity(ResourceKey Resource, ResourceVersion Version, FactStanding Standing)
{
    public static FactIdentity Of(Fact fact) => new(
        fact.Resource, fact.IsUnversioned() ? new ResourceVersion(-1, 0, fact.Version.ContentHash) : fact.Version, fact.Standing);
}
