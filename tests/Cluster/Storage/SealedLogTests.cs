using System.Security.Cryptography;
using HealthMLOps.Storage;

namespace HealthMLOps.Tests.Cluster.Storage;

/// <summary>What is on the disk can be read only with the patient's key, and the keys can be changed and destroyed.</summary>
public sealed class SealedLogTests(Stores stores)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<StorageProvider> Both => Stores.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task A_turn_is_stored_sealed_and_read_as_it_was(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using var plain = await store.OpenLog();
        var log = new SealedLog(plain, new PatientKeys(store.Database, store.Ring()));
        A.Committed(await log.Append(A.Turn(1, 1)));
        A.Committed(await log.Append(A.Turn(1, 2)));
        log.SaveSnapshot(new StoredSnapshot(A.Patient(1), 2, [7, 7, 7]));
        A.Committed(await log.Append(A.Turn(1, 3)));

        var onDisk = await plain.ReadPatient(A.Patient(1), 0, Stop).ToListAsync(Stop);
        Assert.All(onDisk, t => Assert.True(PatientCipher.IsSealed(t.Payload)));
        var elsewhere = new SealedLog(plain, new PatientKeys(store.Database, store.Ring()));
        foreach (var reader in (SealedLog[])[log, elsewhere])
        {
            Assert.Equal([1, 2, 3], (await reader.ReadPatient(A.Patient(1), 0, Stop).ToListAsync(Stop)).Select(t => (int)t.Payload[1]));
            Assert.Equal(new byte[] { 7, 7, 7 }, (await reader.ReadSnapshot(A.Patient(1), Stop))!.Payload);
        }
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Bytes_moved_to_another_turn_or_patient_do_not_open(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using var plain = await store.OpenLog();
        var log = new SealedLog(plain, new PatientKeys(store.Database, store.Ring()));
        foreach (var (patient, number) in ((int, long)[])[(1, 1), (1, 2), (2, 1)]) await log.Append(A.Turn(patient, number));
        await store.Database.Change("UPDATE log SET payload = (SELECT payload FROM log WHERE patient = @p AND number = 1) WHERE patient = @p AND number = 2", Stop, ("@p", A.Patient(1).Value));
        await store.Database.Change("UPDATE log SET payload = (SELECT payload FROM log WHERE patient = @p AND number = 1) WHERE patient = @q AND number = 1", Stop, ("@p", A.Patient(1).Value), ("@q", A.Patient(2).Value));

        await Assert.ThrowsAnyAsync<CryptographicException>(async () => await log.ReadPatient(A.Patient(1), 0, Stop).ToListAsync(Stop));
        await Assert.ThrowsAnyAsync<CryptographicException>(async () => await log.ReadPatient(A.Patient(2), 0, Stop).ToListAsync(Stop));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task What_a_former_release_left_unsealed_is_read_and_goes_on_sealed(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using var plain = await store.OpenLog();
        await plain.Append(A.Turn(1, 1));
        var log = new SealedLog(plain, new PatientKeys(store.Database, store.Ring()));
        await log.Append(A.Turn(1, 2));

        Assert.Equal([1, 2], (await log.ReadAll(Stop).ToListAsync(Stop)).Select(t => (int)t.Payload[1]));
        Assert.Equal([false, true], (await plain.ReadAll(Stop).ToListAsync(Stop)).Select(t => PatientCipher.IsSealed(t.Payload)));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Two_silos_that_append_a_patients_first_turn_at_once_end_with_one_key(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using var here = await store.OpenLog("here");
        await using var there = await store.OpenLog("there");
        SealedLog[] logs = [new(here, new PatientKeys(store.Database, store.Ring())), new(there, new PatientKeys(store.Database, store.Ring()))];
        for (var patient = 1; patient <= 20; patient++)
        {
            var results = await Task.WhenAll(logs.Select(l => l.Append(A.Turn(patient, 1))));
            Assert.Single(results.OfType<AppendResult.Committed>());
            A.Committed(await logs[patient % 2].Append(A.Turn(patient, 2)));
        }
        foreach (var log in logs) Assert.Equal(40, (await log.ReadAll(Stop).ToListAsync(Stop)).Count);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Turns_pipelined_behind_the_first_share_its_key(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using var plain = await store.OpenLog();
        var log = new SealedLog(plain, new PatientKeys(store.Database, store.Ring()));
        await Task.WhenAll(Enumerable.Range(1, 8).Select(n => log.Append(A.Turn(1, n))));
        Assert.Equal(8, (await new SealedLog(plain, new PatientKeys(store.Database, store.Ring())).ReadAll(Stop).ToListAsync(Stop)).Count);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Keys_are_wrapped_anew_while_other_silos_read_and_write(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using var plain = await store.OpenLog();
        var (ring, otherRing) = (store.Ring(), store.Ring());
        var log = new SealedLog(plain, new PatientKeys(store.Database, ring));
        for (var patient = 1; patient <= 5; patient++) await log.Append(A.Turn(patient, 1));
        var other = new SealedLog(plain, new PatientKeys(store.Database, otherRing));
        Assert.Single(await other.ReadPatient(A.Patient(1), 0, Stop).ToListAsync(Stop));

        var keys = new PatientKeys(store.Database, ring);
        var newest = ring.Rotate(DateTimeOffset.UtcNow);
        Assert.Equal(5, await keys.Rewrap(Stop));
        Assert.Equal(0, await keys.Rewrap(Stop));

        Assert.Equal((newest.Id, 5), Assert.Single(await keys.CountByRingKey(Stop)) is var (id, count) ? (id, (int)count) : default);
        Assert.Equal(5, (await other.ReadAll(Stop).ToListAsync(Stop)).Count);
        A.Committed(await other.Append(A.Turn(3, 2)));
        A.Committed(await other.Append(A.Turn(6, 1)));
        Assert.Equal(7, (await new SealedLog(plain, new PatientKeys(store.Database, store.Ring())).ReadAll(Stop).ToListAsync(Stop)).Count);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Without_its_key_a_patients_turns_are_left_out_of_every_answer(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using var plain = await store.OpenLog();
        var log = new SealedLog(plain, new PatientKeys(store.Database, store.Ring()));
        await log.Append(A.Turn(1, 1));
        await log.Append(A.Turn(2, 1));
        await store.Database.Change("DELETE FROM patient_keys WHERE patient = @patient", Stop, ("@patient", A.Patient(1).Value));

        var later = new SealedLog(plain, new PatientKeys(store.Database, store.Ring()));
        Assert.Empty(await later.ReadPatient(A.Patient(1), 0, Stop).ToListAsync(Stop));
        Assert.Equal([A.Patient(2)], (await later.ReadAll(Stop).ToListAsync(Stop)).Select(t => t.Patient));
    }
}
