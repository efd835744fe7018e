using HealthMLOps.Clinical;
using HealthMLOps.Privacy;
using HealthMLOps.Storage;

namespace HealthMLOps.Patients;

/// <summary>Opens sealed EHR ids for an authorised answer.</summary>
public sealed class ResourceNames(IEventLog log, IdentityKeys keys)
{
    public async Task<IReadOnlyDictionary<ResourceKey, EhrId>> Of(IEnumerable<ResourceKey> resources, CancellationToken cancellation)
    {
        var found = await log.FindResources([.. resources.Distinct()], cancellation);
        return found.ToDictionary(f => f.Key, f => keys.Open(f.Key, f.Value.SealedId));
    }
}
