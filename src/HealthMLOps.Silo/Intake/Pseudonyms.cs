using System.Collections.Concurrent;
using HealthMLOps.Clinical;
using HealthMLOps.Privacy;

namespace HealthMLOps.Intake;

/// <summary>The pseudonyms of the patients and stays that were read last, since a patient's resources come together and each digest costs microseconds.</summary>
internal sealed class Pseudonyms(SourceName source, IdentityKeys keys)
{
    /// <summary>At the limit all are forgotten; they are computed again when needed.</summary>
    private const int RememberedMax = 10_000;

    private readonly ConcurrentDictionary<Phi, (PatientKey Key, byte[] Sealed)> _known = new();

    private readonly ConcurrentDictionary<Phi, ResourceKey> _encounters = new();

    public ResourceKey Encounter(Phi id)
    {
        if (_encounters.TryGetValue(id, out var key)) return key;
        if (_encounters.Count >= RememberedMax) _encounters.Clear();
        return _encounters[id] = keys.Resource(source, "Encounter", id);
    }

    public (PatientKey Key, byte[] Sealed) Of(Phi id)
    {
        if (_known.TryGetValue(id, out var known)) return known;
        if (_known.Count >= RememberedMax) _known.Clear();
        return _known[id] = (keys.Patient(source, id), keys.Seal(source, "Patient", id));
    }
}
