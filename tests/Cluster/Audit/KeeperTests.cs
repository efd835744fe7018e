using HealthMLOps.Access;
using HealthMLOps.Audit;
using HealthMLOps.Storage;
using HealthMLOps.Tests.Cluster.Access;
using HealthMLOps.Tests.Cluster.Patients;
using HealthMLOps.Tests.Cluster.Storage;
using Microsoft.Extensions.Time.Testing;

namespace HealthMLOps.Tests.Cluster.Audit;

/// <summary>Retention and legal hold, on both databases.</summary>
public sealed class KeeperTests(Stores stores)
{
    private static readonly Caller Anna = new("p-anna", "anna", "Anna", [Role.Compliance], "HOPERAT");
    private static readonly Caller Ben = new("p-ben", "ben", "Ben", [Role.Compliance], "HOPERAT");

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<StorageProvider> Both => Stores.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task After_its_time_and_by_two_persons_an_entry_is_hidden_and_the_record_stays_sound(StorageProvider provider)
    {
        var clock = new FakeTimeProvider(A.Noon.AddYears(6).AddDays(1));
        await using var ward = await Ward.Open(await stores.Empty(provider), clock);
        var keeper = ward.Get<RecordKeeper>();
        foreach (var n in Enumerable.Range(1, 5)) await ward.Log.Record(A.Access(n));
        await ward.Log.Record(new AuditAppend(A.Entry(6) with { Action = "ring.advance", Object = "sepsis@3" }, null, null));
        await ward.Log.Record(new AuditAppend(A.Entry(7) with { Action = "model.register", Object = "sepsis@3" }, null, null));
        await ward.Log.Record(new AuditAppend(A.Entry(8) with { At = clock.GetUtcNow() }, null, null));
        var hold = await keeper.Hold(Anna, LegalHold.Patient, A.Patient(2).Value, "Litigation", Stop);

        await Assert.ThrowsAsync<RecordRefused>(() => keeper.Propose(Anna, clock.GetUtcNow().AddYears(-5), "Too early", Stop));
        var proposed = await keeper.Propose(Anna, A.Noon.AddHours(1), "Time is over", Stop);
        Assert.Equal(8, await Shown(ward));
        Assert.Equal("two-persons", (await Assert.ThrowsAsync<RecordRefused>(() => keeper.Approve(Anna, proposed.Id, Stop))).Code);
        var approved = await keeper.Approve(Ben, proposed.Id, Stop);

        Assert.Equal(("p-ben", 4), (approved!.ApprovedBy, approved.Hidden)); // The held patient, ring and registration stay, and what is young.
        Assert.Equal(4, await Shown(ward));
        await keeper.Release(Anna, hold.Id, "Closed", Stop);
        await keeper.Approve(Ben, (await keeper.Propose(Anna, A.Noon.AddHours(1), "Again", Stop)).Id, Stop);
        Assert.Equal(3, await Shown(ward));
        Assert.Equal(["record.hold", "record.release", "record.removal-approve", "record.removal-propose"],
            (await ward.Get<AuditStore>().Find(new AuditQuestion { Action = "record.*" }, 100, Stop)).Select(e => e.Event.Entry.Action).Distinct().Order());

        var verdict = await TreeTests.ExportVerified(ward);
        Assert.Null(verdict.Fault);
        Assert.Equal(5, verdict.Hidden);
    }

    [Fact]
    public async Task The_owners_credential_is_the_second_person_only_while_no_named_person_could_be()
    {
        var clock = new FakeTimeProvider(A.Noon.AddYears(6).AddDays(1));
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite), clock);
        var keeper = ward.Get<RecordKeeper>();
        var owner = new Caller("owner", "owner", "Owner", [Role.Owner], "HOPERAT");
        var first = await keeper.Propose(Anna, A.Noon.AddHours(1), "Time is over", Stop);
        Assert.Equal("owner", (await keeper.Approve(owner, first.Id, Stop))!.ApprovedBy);
        await Door.Person(ward, "p-carl", ["compliance"]);
        var second = await keeper.Propose(Anna, A.Noon.AddHours(1), "Time is over", Stop);
        Assert.Equal("two-persons", (await Assert.ThrowsAsync<RecordRefused>(() => keeper.Approve(owner, second.Id, Stop))).Code);
        Assert.Equal("p-ben", (await keeper.Approve(Ben, second.Id, Stop))!.ApprovedBy);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_hold_needs_a_reason_and_something_to_hold_and_ends_once(StorageProvider provider)
    {
        await using var ward = await Ward.Open(await stores.Empty(provider));
        var keeper = ward.Get<RecordKeeper>();
        await Assert.ThrowsAsync<RecordRefused>(() => keeper.Hold(Anna, LegalHold.Object, "sepsis@3", " ", Stop));
        await Assert.ThrowsAsync<RecordRefused>(() => keeper.Hold(Anna, LegalHold.Patient, "12345", "Litigation", Stop));
        var hold = await keeper.Hold(Anna, LegalHold.Object, "sepsis@3", "Litigation", Stop);
        var released = await keeper.Release(Ben, hold.Id, "Closed", Stop);
        Assert.Equal(released, await keeper.Release(Anna, hold.Id, "Closed again", Stop));
        Assert.Null(await keeper.Release(Anna, 99, "None", Stop));
        Assert.Equal("p-ben", Assert.Single(await keeper.Holds(Stop)).ReleasedBy);
    }

    private static async Task<int> Shown(Ward ward) =>
        (await ward.Get<AuditStore>().Find(new AuditQuestion(), 100, Stop)).Count(e => !e.Event.Entry.Action.StartsWith("record.", StringComparison.Ordinal));
}
