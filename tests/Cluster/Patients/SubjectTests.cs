using HealthMLOps.Clinical;
using HealthMLOps.Intake;
using HealthMLOps.Privacy;
using HealthMLOps.Storage;
using HealthMLOps.Tests.Cluster.Storage;

namespace HealthMLOps.Tests.Cluster.Patients;

/// <summary>A resource belongs to one patient: the subject of its newest version.</summary>
public sealed class SubjectTests(Stores stores)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<StorageProvider> Both => Stores.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task A_changed_subject_is_withdrawn_there_and_admitted_here(StorageProvider provider)
    {
        await using var ward = await Ward.Open(await stores.Empty(provider));
        await ward.Take(Chart.HeartRate("o1", "wrong", 80));
        await ward.Take(Chart.HeartRate("o1", "right", 81, version: 2));
        await ward.Settle();
        Assert.Null(await ward.HeartRate("wrong"));
        Assert.Equal(81, await ward.HeartRate("right"));

        await ward.Take(Chart.HeartRate("o1", "wrong", 82, version: 3));
        await ward.Settle();
        Assert.Equal(82, await ward.HeartRate("wrong"));
        Assert.Null(await ward.HeartRate("right"));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task Two_patients_that_claim_unseen_resources_at_once_end_with_one_owner(StorageProvider provider)
    {
        await using var ward = await Ward.Open(await stores.Empty(provider));
        await Task.WhenAll(Enumerable.Range(0, 40).SelectMany(n => new[]
        {
            ward.Take(Chart.HeartRate($"o{n}", "first", 80 + n)),
            ward.Take(Chart.HeartRate($"o{n}", "second", 80 + n, version: 2)),
        }));
        await ward.Settle();

        Assert.Null(await ward.HeartRate("first"));
        Assert.NotNull(await ward.HeartRate("second"));
        var index = await ward.Log.FindResources([.. Enumerable.Range(0, 40).Select(n => ward.Get<IdentityKeys>().Resource(Ward.Hospital, "Observation", $"o{n}"))], Stop);
        Assert.All(index.Values, r => Assert.Equal(ward.Patient("second"), r.Patient));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task What_was_promised_before_a_crash_is_done_after_it(StorageProvider provider)
    {
        var options = await stores.Empty(provider);
        await using (var ward = await Ward.Open(options))
        {
            await ward.Get<OutboxWork>().StopAsync(Stop);
            await ward.Take(Chart.HeartRate("o1", "wrong", 80));
            await ward.Take(Chart.HeartRate("o1", "right", 80, version: 2));
            Assert.Single(await ward.Log.PendingOutbox(10, Stop));
            Assert.Equal(80, await ward.HeartRate("wrong"));
        }

        await using var after = await Ward.Open(options);
        await after.Settle();
        Assert.Null(await after.HeartRate("wrong"));
        Assert.Equal(80, await after.HeartRate("right"));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_delete_that_overtakes_its_creation_holds(StorageProvider provider)
    {
        await using var ward = await Ward.Open(await stores.Empty(provider));
        await ward.Take(Chart.Deleted("o1", version: 2));
        await ward.Take(Chart.HeartRate("o1", "p1", 80));
        await ward.Settle();
        Assert.Null(await ward.HeartRate("p1"));

        await ward.Take(Chart.HeartRate("o1", "p1", 90, version: 3));
        Assert.Equal(90, await ward.HeartRate("p1"));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_delete_and_its_creation_at_once_leave_nothing(StorageProvider provider)
    {
        await using var ward = await Ward.Open(await stores.Empty(provider));
        await Task.WhenAll(Enumerable.Range(0, 20).SelectMany(n => new[] { ward.Take(Chart.HeartRate($"o{n}", "p1", 80)), ward.Take(Chart.Deleted($"o{n}", version: 2)) }));
        await ward.Settle();
        Assert.Null(await ward.HeartRate("p1"));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task An_older_version_that_repeats_inside_one_batch_is_logged_once(StorageProvider provider)
    {
        await using var ward = await Ward.Open(await stores.Empty(provider));
        var (older, newer) = (Chart.HeartRate("o1", "p1", 80), Chart.HeartRate("o1", "p1", 90, version: 2));
        await ward.Take(older, newer, older);
        await ward.Take(newer, older, older);
        Assert.Equal([1, 2], (await ward.Facts("p1")).Select(f => f.Version.Number));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task The_log_names_the_loser_whichever_claim_commits_second(StorageProvider provider)
    {
        await using var store = await stores.Fresh(provider);
        await using var one = await store.OpenLog("one");
        await using var other = await store.OpenLog("other");
        var (v1, v2) = (new ResourceVersion(1, 1, 1), new ResourceVersion(2, 2, 2));

        await one.Append(A.Turn(1, 1, A.Index(1, v1, patient: 1)));
        await other.Append(A.Turn(2, 1, A.Index(1, v2, patient: 2)));
        await one.Append(A.Turn(2, 2, A.Index(2, v2, patient: 2)));
        await other.Append(A.Turn(1, 2, A.Index(2, v1, patient: 1)));
        await Task.WhenAll(one.Append(A.Turn(1, 3, A.Index(3, v1, patient: 1))), one.Append(A.Turn(2, 3, A.Index(3, v2, patient: 2))));
        await Task.WhenAll(one.Append(A.Turn(1, 4, A.Index(4, v1, patient: 1))), other.Append(A.Turn(2, 4, A.Index(4, v2, patient: 2))));

        var displaced = (await one.PendingOutbox(10, Stop)).Select(i => DisplacedResource.From(i.Payload)).ToList();
        Assert.Equal([1, 2, 3, 4], displaced.Select(d => Enumerable.Range(1, 4).Single(n => A.Resource(n) == d.Resource)).Order());
        Assert.All(displaced, d => Assert.Equal(A.Patient(1), d.Patient));
    }
}
