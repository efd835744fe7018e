using System.Net;
using System.Text.Json.Nodes;
using HealthMLOps.Audit;
using HealthMLOps.Storage;
using HealthMLOps.Tests.Cluster.Patients;
using HealthMLOps.Tests.Cluster.Storage;

namespace HealthMLOps.Tests.Cluster.Access;

/// <summary>Two persons for what opens a door: one asks, another in another role confirms.</summary>
public sealed class SecondPersonTests(Stores stores)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<StorageProvider> Both => Stores.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task What_one_person_asks_takes_effect_once_another_in_another_role_confirms(StorageProvider provider)
    {
        await using var ward = await Ward.Open(await stores.Empty(provider));
        var admin = await Door.Person(ward, "p-admin", ["it-security"]);
        var officer = await Door.Person(ward, "p-officer", ["compliance"]);

        var (status, asked) = await admin.Post("/api/v1/users", new { id = "p-anna", name = "Anna Berg", roles = new[] { "operator" } });
        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await new Door(ward, asked!["firstHalf"]!.GetValue<string>()).Get("/api/v1/me")).Status);

        var (done, confirmed) = await Confirm(officer, asked);
        Assert.Equal(HttpStatusCode.OK, done);
        foreach (var half in new[] { asked["firstHalf"]!, confirmed!["secondHalf"]! })
            Assert.Equal(HttpStatusCode.Unauthorized, (await new Door(ward, half.GetValue<string>()).Get("/api/v1/me")).Status);
        var anna = new Door(ward, Door.Joined(asked, confirmed));
        Assert.Equal("p-anna", (await anna.Get("/api/v1/me")).Body!["person"]!.GetValue<string>());
        Refused("not-open", await Confirm(officer, asked));

        var entries = (await ward.Get<AuditStore>().Find(new AuditQuestion(), 1_000, Stop)).Select(e => e.Event.Entry).ToList();
        Assert.Contains(entries, e => e is { Person: "p-admin", Action: "access.ask", Object: "person.add p-anna operator", Outcome: "ok" });
        var id = asked["request"]!.GetValue<string>();
        Assert.Contains(entries, e => e is { Person: "p-officer", Action: "access.confirm", Outcome: "ok" } && e.Correlation == id);
        Assert.Contains(entries, e => e is { Person: "p-officer", Action: "person.add", Object: "p-anna operator" } && e.Correlation == id);
    }

    [Fact]
    public async Task Neither_the_asker_nor_the_owner_nor_somebody_in_the_same_role_nor_who_saw_something_else_confirms()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        var admin = await Door.Person(ward, "p-admin", ["it-security"]);
        var officer = await Door.Person(ward, "p-officer", ["compliance"]);
        var colleague = await Door.Person(ward, "p-colleague", ["it-security"]);
        var asked = (await admin.Send(HttpMethod.Put, "/api/v1/users/p-colleague/roles", """{"roles":["operator","it-security"]}""")).Body!;
        Refused("two-persons", await Confirm(admin, asked));
        Refused("two-persons", await Confirm(Door.Owner(ward), asked));
        Refused("other-role", await Confirm(colleague, asked));
        Refused("digest", await officer.Post($"/api/v1/requests/{asked["request"]}/confirm", new { digest = new string('0', 64) }));
        Assert.Equal(["it-security"], Roles(await colleague.Get("/api/v1/me")));

        Assert.Equal(HttpStatusCode.OK, (await Confirm(officer, asked)).Status);
        Assert.Equal(["operator", "it-security"], Roles(await colleague.Get("/api/v1/me")));
        var refused = (await ward.Get<AuditStore>().Find(new AuditQuestion { Action = "access.confirm" }, 100, Stop)).Select(e => e.Event.Entry.Outcome).Where(o => o != "ok");
        Assert.Equal(["digest", "other-role", "two-persons", "two-persons"], refused.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Nobody_confirms_what_they_gain_themselves_nor_with_a_credential_that_the_asker_was_told()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        var admin = await Door.Person(ward, "p-admin", ["it-security"]);
        var officer = await Door.Person(ward, "p-officer", ["compliance"]);
        Refused("own-roles", await Confirm(officer, (await admin.Send(HttpMethod.Put, "/api/v1/users/p-officer/roles", """{"roles":["operator","compliance"]}""")).Body!));

        var made = (await admin.Post("/api/v1/users", new { id = "p-puppet", name = "Puppet", roles = new[] { "operator" } })).Body!;
        await Confirm(officer, made);
        // What the asker was told opens nothing, not even a change of the credential.
        var puppet = new Door(ward, made["firstHalf"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.Unauthorized, (await puppet.Post("/api/v1/me/credential", new { })).Status);
        var asked = (await admin.Post("/api/v1/users", new { id = "p-more", name = "More", roles = new[] { "auditor" } })).Body!;
        Assert.Equal(HttpStatusCode.Unauthorized, (await Confirm(puppet, asked)).Status);
    }

    [Fact]
    public async Task What_somebody_asked_who_was_shut_out_since_is_not_confirmed_and_nobody_comes_back_with_a_change_of_roles()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        var admin = await Door.Person(ward, "p-admin", ["it-security"]);
        var officer = await Door.Person(ward, "p-officer", ["compliance"]);
        var anna = await Door.Person(ward, "p-anna", ["auditor"]);
        var asked = (await Door.Owner(ward).Send(HttpMethod.Put, "/api/v1/users/p-anna/roles", """{"roles":["operator"]}""")).Body!;
        var byAdmin = (await admin.Post("/api/v1/users/p-anna/credential", new { })).Body!;
        await Door.Owner(ward).Post("/api/v1/users/p-anna/disable", new { });
        Assert.Equal(HttpStatusCode.OK, (await Confirm(officer, asked)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await anna.Get("/api/v1/me")).Status);
        await officer.Post("/api/v1/users/p-admin/disable", new { });
        Refused("asker-gone", await Confirm(officer, byAdmin));
    }

    [Fact]
    public async Task The_owner_acts_alone_only_until_somebody_exists_who_could_confirm()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        var owner = Door.Owner(ward);
        Assert.Equal(HttpStatusCode.Created, (await owner.Post("/api/v1/users", new { id = "p-reader", name = "Reader", roles = new[] { "auditor" } })).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await owner.Post("/api/v1/keys/rotate", new { })).Status);
        Assert.Equal(HttpStatusCode.Created, (await owner.Post("/api/v1/users", new { id = "p-admin", name = "Admin", roles = new[] { "it-security" } })).Status);
        foreach (var path in new[] { "/api/v1/keys/rotate", "/api/v1/audit/keys", "/api/v1/owner/enable", "/api/v1/sources/general-hospital/secret", "/api/v1/users/p-reader/credential" })
        {
            var (status, body) = await owner.Post(path, new { });
            Assert.True(status == HttpStatusCode.Accepted && body!["state"]!.GetValue<string>() == "asked", $"{path}: {(int)status} {body?.ToJsonString()}");
        }
        // The owner's credential does not make itself alone again.
        Refused("last-confirmer", await owner.Post("/api/v1/users/p-admin/disable", new { }));
        Assert.Equal(HttpStatusCode.Accepted, (await owner.Post("/api/v1/users", new { id = "p-next", name = "Next", roles = new[] { "auditor" } })).Status);
    }

    [Fact]
    public async Task Keys_and_senders_secrets_change_when_confirmed_and_what_is_withdrawn_or_too_old_never_does()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        var admin = await Door.Person(ward, "p-admin", ["it-security"]);
        var officer = await Door.Person(ward, "p-officer", ["compliance"]);
        async Task<int> RingKeys() => (await admin.Get("/api/v1/keys")).Body!["items"]!.AsArray().Count;
        var before = await RingKeys();
        var (first, second) = ((await admin.Post("/api/v1/keys/rotate", new { })).Body!, (await admin.Post("/api/v1/keys/rotate", new { })).Body!);
        Assert.Equal(before, await RingKeys());
        Assert.Equal(HttpStatusCode.OK, (await Confirm(officer, first)).Status);
        Assert.Equal(before + 1, await RingKeys());
        Refused("key-moved-on", await Confirm(officer, second));

        var secret = (await admin.Post("/api/v1/sources/general-hospital/secret", new { keepFormerHours = 1 })).Body!;
        var sender = new Door(ward, secret["secret"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.Unauthorized, (await sender.Post("/fhir/notify/general-hospital", "")).Status);
        Assert.Equal(HttpStatusCode.OK, (await Confirm(officer, secret)).Status);
        Assert.NotEqual(HttpStatusCode.Unauthorized, (await sender.Post("/fhir/notify/general-hospital", "")).Status);

        var taken = (await admin.Post("/api/v1/audit/keys", new { })).Body!;
        Assert.Equal(HttpStatusCode.OK, (await officer.Post($"/api/v1/requests/{taken["request"]}/withdraw", new { })).Status);
        Refused("not-open", await Confirm(officer, taken));

        var old = (await admin.Post("/api/v1/owner/rotate", new { })).Body!;
        await ward.Get<Database>().Change("UPDATE asked_acts SET asked_ticks = asked_ticks - @hours WHERE digest = @digest", Stop,
            ("@hours", TimeSpan.FromHours(72).Ticks), ("@digest", old["digest"]!.GetValue<string>()));
        Refused("not-open", await Confirm(officer, old));
        Assert.Equal("expired", (await officer.Get($"/api/v1/requests/{old["request"]}")).Body!["state"]!.GetValue<string>());
    }

    private static Task<(HttpStatusCode Status, JsonNode? Body)> Confirm(Door second, JsonNode asked) =>
        second.Post($"/api/v1/requests/{asked["request"]}/confirm", new { digest = asked["digest"]!.GetValue<string>() });

    private static void Refused(string code, (HttpStatusCode Status, JsonNode? Body) answer) =>
        Assert.Equal(code, answer.Body!["title"]?.GetValue<string>());

    private static IEnumerable<string> Roles((HttpStatusCode Status, JsonNode? Body) me) => me.Body!["roles"]!.AsArray().Select(r => r!.GetValue<string>());
}
