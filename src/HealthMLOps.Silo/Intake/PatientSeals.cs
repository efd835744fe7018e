using System.Collections.Concurrent;
using HealthMLOps.Clinical;
using HealthMLOps.Privacy;

namespace HealthMLOps.Intake;

/// <summary>The pseudonyms of the patients that were read last, since a patient's resources come together and each digest costs microseconds.</summary>
internal sealed class PatientSeals(SourceName source, IdentityKeys keys)
{
    /// <summary>At the limit all are forgotten; they are computed again when needed.</summary>
    private const int PatientsMax = 10_000;

    private readonly ConcurrentDictionary<string, (PatientKey Key, byte[] Sealed)> _known = new(StringComparer.Ordinal);

    public (PatientKey Key, byte[] Sealed) Of(string id)
    {
        if (_known.TryGetValue(id, out var known)) return known;
        if (_known.Count >= PatientsMax) _known.Clear();
        return _known[id] = (keys.Patient(source, id), keys.Seal(source, "Patient", id));
    }
}
