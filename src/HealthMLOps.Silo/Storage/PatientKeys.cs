using System.Collections.Concurrent;
using System.Security.Cryptography;
using HealthMLOps.Clinical;
using HealthMLOps.Privacy;

namespace HealthMLOps.Storage;

/// <summary>The patients' data keys: random, one each, wrapped under the key ring, and held open in memory while they are used.</summary>
public sealed class PatientKeys(Database database, KeyRing ring)
{
    /// <summary>Keys held open; at the limit all are forgotten and read again when needed.</summary>
    public const int HeldMax = 100_000;

    /// <summary>Keys wrapped anew in one transaction.</summary>
    private const int RewrapsAtOnce = 200;

    private const string Purpose = "patient-key";

    private readonly ConcurrentDictionary<PatientKey, PatientCipher> _held = new();

    public PatientCipher? Held(PatientKey patient) => _held.GetValueOrDefault(patient);

    /// <summary>The patient's key; null where there is none, because nothing was sealed yet or the key was destroyed.</summary>
    public async ValueTask<PatientCipher?> Find(PatientKey patient, CancellationToken cancellation)
    {
        if (_held.TryGetValue(patient, out var held)) return held;
        var found = await database.Query("SELECT wrapped FROM patient_keys WHERE patient = @patient",
            row => row.GetFieldValue<byte[]>(0), cancellation, ("@patient", patient.Value));
        if (found.Count == 0) return null;
        var cipher = new PatientCipher(patient, ring.Unprotect(found[0], Purpose));
        Hold(patient, cipher);
        return cipher;
    }

    /// <summary>Whether the erasure ledger names the patient: they never get a key again.</summary>
    public async Task<bool> IsErased(PatientKey patient, CancellationToken cancellation) =>
        (await database.Query("SELECT 1 FROM erasures WHERE patient = @patient", row => row.GetInt32(0), cancellation, ("@patient", patient.Value))).Count > 0;

    /// <summary>A new key, not stored yet: its row commits with the first turn that it seals.</summary>
    public (PatientCipher Cipher, byte[] Wrapped) New(PatientKey patient)
    {
        var key = RandomNumberGenerator.GetBytes(PatientCipher.KeyBytes);
        return (new PatientCipher(patient, key), ring.Protect(key, Purpose));
    }

    public void Hold(PatientKey patient, PatientCipher cipher)
    {
        if (_held.Count >= HeldMax) _held.Clear();
        _held[patient] = cipher;
    }

    public void Drop(PatientKey patient) => _held.TryRemove(patient, out _);

    /// <summary>How many patients' keys each key of the ring wraps.</summary>
    public async Task<IReadOnlyDictionary<Guid, long>> CountByRingKey(CancellationToken cancellation)
    {
        var counts = new Dictionary<Guid, long>();
        await foreach (var id in database.Stream("SELECT wrapped FROM patient_keys", row => KeyRing.KeyOf(row.GetFieldValue<byte[]>(0)), cancellation))
            counts[id] = counts.GetValueOrDefault(id) + 1;
        return counts;
    }

    /// <summary>Wraps every patient's key under the ring's newest one. What is sealed stays as it is, and is readable all the while; a repeat goes on where it ended.</summary>
    /// <returns>How many were wrapped anew.</returns>
    public async Task<long> Rewrap(CancellationToken cancellation)
    {
        var newest = KeyRing.KeyOf(ring.Protect([0], Purpose));
        var (after, count) = ("", 0L);
        while (true)
        {
            var page = await database.Query("SELECT patient, wrapped FROM patient_keys WHERE patient > @after ORDER BY patient LIMIT @count",
                row => (Patient: row.GetString(0), Wrapped: row.GetFieldValue<byte[]>(1)), cancellation, ("@after", after), ("@count", RewrapsAtOnce));
            foreach (var (patient, wrapped) in page)
            {
                after = patient;
                if (KeyRing.KeyOf(wrapped) == newest) continue;
                // Compared with what was read: a key that was destroyed meanwhile must not come back.
                count += await database.Change("UPDATE patient_keys SET wrapped = @anew WHERE patient = @patient AND wrapped = @former", cancellation,
                    ("@anew", ring.Protect(ring.Unprotect(wrapped, Purpose), Purpose)), ("@patient", patient), ("@former", wrapped));
            }
            if (page.Count < RewrapsAtOnce) return count;
        }
    }
}
