using System.Text;
using HealthMLOps.Clinical;
using HealthMLOps.Storage;

namespace HealthMLOps.Privacy;

/// <summary>The way back from a pseudonym: the EHR's id (sealed in the resource index) and the name that the EHR gave last (sealed here).</summary>
public sealed class IdentityVault(Database database, IEventLog log, IdentityKeys keys, PayloadSeal seal)
{
    private const string Context = "patient-name";

    /// <summary>Seals a name for <see cref="VaultedName"/>.</summary>
    public byte[] Seal(Phi name) => seal.Seal(Encoding.UTF8.GetBytes(name.Reveal()), Context);

    /// <summary>Keeps the newest name. Durable on return; a repeat or an older version changes nothing, and an erased patient gets none.</summary>
    public async Task Put(VaultedName name, CancellationToken cancellation) => await database.Change(
        """
        INSERT INTO patient_names (patient, version_ticks, version_number, sealed)
        SELECT @patient, @ticks, @number, @sealed WHERE NOT EXISTS (SELECT 1 FROM erasures WHERE erasures.patient = @patient)
        ON CONFLICT (patient) DO UPDATE SET version_ticks = excluded.version_ticks, version_number = excluded.version_number, sealed = excluded.sealed
        WHERE (excluded.version_ticks, excluded.version_number) > (patient_names.version_ticks, patient_names.version_number)
        """,
        cancellation, ("@patient", name.Patient.Value), ("@ticks", name.Version.LastUpdatedTicks), ("@number", name.Version.Number), ("@sealed", name.Sealed));

    /// <summary>Who that is; null where no resource has ever referred to the patient. The name is null where the EHR sent none.</summary>
    public async Task<(EhrId Id, Phi? Name)?> Open(PatientKey patient, CancellationToken cancellation)
    {
        var resource = ResourceKey.Of(patient);
        if (!(await log.FindResources([resource], cancellation)).TryGetValue(resource, out var indexed)) return null;
        var found = await database.Query("SELECT sealed FROM patient_names WHERE patient = @patient", row => row.GetFieldValue<byte[]>(0), cancellation, ("@patient", patient.Value));
        return (keys.Open(resource, indexed.SealedId), found.Count == 0 ? null : Encoding.UTF8.GetString(seal.Open(found[0], Context)));
    }
}
