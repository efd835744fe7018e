using System.Net;
using HealthMLOps.Access;
using HealthMLOps.Audit;
using HealthMLOps.Storage;
using HealthMLOps.Tests.Cluster.Patients;
using HealthMLOps.Tests.Cluster.Storage;

namespace HealthMLOps.Tests.Cluster.Access;

/// <summary>Strangers at the door: each kind of refusal is on the record, and no flood of them fills it.</summary>
public sealed class RefusalTests(Stores stores)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<StorageProvider> Both => Stores.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task A_flood_of_refused_strangers_is_two_entries_a_minute_with_their_number(StorageProvider provider)
    {
        await using var ward = await Ward.Open(await stores.Empty(provider));
        for (var i = 0; i < 40; i++) Assert.Equal(HttpStatusCode.Unauthorized, (await new Door(ward).Get("/api/v1/me")).Status);
        for (var i = 0; i < 30; i++) Assert.Equal(HttpStatusCode.Unauthorized, (await new Door(ward, "hmp_guess" + i).Get("/api/v1/me")).Status);
        string[] first = ["no-credential from loopback", "unknown-credential from loopback"];
        Assert.Equal(first, (await Denied(ward)).Select(e => e.Outcome).Order(StringComparer.Ordinal));

        await ward.Get<RefusalTally>().Close();

        var entries = await Denied(ward);
        Assert.Equal([first[0], first[0] + ", 39 more", first[1], first[1] + ", 29 more"], entries.Select(e => e.Outcome).Order(StringComparer.Ordinal));
        Assert.All(entries, e => Assert.Equal(("anonymous", "GET /api/v1/me"), (e.Person, e.Object)));
        await ward.Get<RefusalTally>().Close();
        Assert.Equal(4, (await Denied(ward)).Count);
    }

    [Fact]
    public async Task However_many_kinds_come_a_minute_has_a_bounded_number_of_entries()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        var tally = ward.Get<RefusalTally>();
        for (var i = 0; i < RefusalTally.KindsMax + 100; i++)
            await tally.Refused(new Microsoft.AspNetCore.Http.DefaultHttpContext { Request = { Method = "M" + i } }, "reason-" + i);
        Assert.Equal(RefusalTally.KindsMax + 1, (await Denied(ward)).Count);
        await tally.Close();
        var entries = await Denied(ward);
        Assert.Equal(RefusalTally.KindsMax + 2, entries.Count);
        Assert.Contains(entries, e => e.Outcome == "(others) from (others), 99 more");
        Assert.All(entries, e => Assert.DoesNotContain("M1", e.Object!, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_silo_that_stops_records_the_numbers_of_its_last_minute()
    {
        var options = await stores.Empty(StorageProvider.Sqlite);
        await using (var ward = await Ward.Open(options))
        {
            for (var i = 0; i < 3; i++) await new Door(ward).Get("/api/v1/rings");
            for (var i = 0; i < 2; i++) await new Door(ward, "Basic").Get("/api/v1/audit/entries");
        }
        await using var again = await Ward.Open(options);
        var outcomes = (await Denied(again)).Select(e => e.Outcome).ToList();
        Assert.Contains("no-credential from loopback, 2 more", outcomes);
        Assert.Contains("unknown-credential from loopback, 1 more", outcomes);
    }

    [Fact]
    public async Task Who_does_not_read_the_whole_record_reads_and_proves_their_own_acts()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        var scientist = await Door.Person(ward, "p-sci", ["data-scientist"]);
        var auditor = await Door.Person(ward, "p-aud", ["auditor"]);
        await scientist.Get("/api/v1/users");
        await auditor.Get("/api/v1/users");
        var own = (await scientist.Get("/api/v1/audit/entries")).Body!["items"]!.AsArray();
        Assert.NotEmpty(own);
        Assert.All(own, e => Assert.Equal("p-sci", e!["person"]!.GetValue<string>()));
        Assert.Equal(HttpStatusCode.Forbidden, (await scientist.Get("/api/v1/audit/entries?person=p-aud")).Status);
        var others = (await auditor.Get("/api/v1/audit/entries?person=p-aud&action=access.denied")).Body!["items"]!.AsArray();
        Assert.Equal(HttpStatusCode.Created, (await auditor.Post("/api/v1/audit/checkpoints", new { })).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await scientist.Get($"/api/v1/audit/entries/{others[0]!["id"]}")).Status);
        Assert.NotNull((await scientist.Get($"/api/v1/audit/entries/{own[^1]!["id"]}")).Body!["proof"]);
        Assert.Equal(HttpStatusCode.OK, (await scientist.Get("/api/v1/audit/keys")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await scientist.Get("/api/v1/audit/export")).Status);
    }

    private static async Task<List<AuditEntry>> Denied(Ward ward) =>
        [.. (await ward.Get<AuditStore>().Find(new AuditQuestion { Action = "access.denied" }, 1_000, Stop)).Select(e => e.Event.Entry)];
}
