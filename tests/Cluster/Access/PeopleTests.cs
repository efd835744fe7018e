using System.Net;
using HealthMLOps.Storage;
using HealthMLOps.Tests.Cluster.Patients;
using HealthMLOps.Tests.Cluster.Storage;

namespace HealthMLOps.Tests.Cluster.Access;

/// <summary>People, the owner, senders' secrets, broken glass: as they meet the door.</summary>
public sealed class PeopleTests(Stores stores)
{
    public static TheoryData<StorageProvider> Both => Stores.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task A_person_acts_under_their_own_name_and_is_out_once_disabled(StorageProvider provider)
    {
        var options = await stores.Empty(provider);
        string secret;
        await using (var ward = await Ward.Open(options))
        {
            secret = await Door.Secret(ward, "p-anna", ["auditor", "clinician-reviewer"]);
            var me = (await new Door(ward, secret).Get("/api/v1/me")).Body!;
            Assert.Equal(("p-anna", "p-anna/1"), (me["person"]!.GetValue<string>(), me["account"]!.GetValue<string>()));
        }
        await using var again = await Ward.Open(options);
        Assert.Equal(HttpStatusCode.OK, (await new Door(again, secret).Get("/api/v1/me")).Status);
        Assert.Equal(HttpStatusCode.OK, (await Door.Owner(again).Post("/api/v1/users/p-anna/disable", new { })).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await new Door(again, secret).Get("/api/v1/me")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await Door.Owner(again).Post("/api/v1/users", new { id = "p-anna", name = "Other", roles = new[] { "auditor" } })).Status);
    }

    [Fact]
    public async Task A_rotated_credential_ends_the_former_one_at_once_or_after_its_overlap()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        var first = await Door.Secret(ward, "p-anna", ["auditor"]);
        var second = (await new Door(ward, first).Post("/api/v1/me/credential", new { keepFormerHours = 1 })).Body!["credential"]!.GetValue<string>();
        Assert.Equal(HttpStatusCode.OK, (await new Door(ward, first).Get("/api/v1/me")).Status);
        var third = (await new Door(ward, second).Post("/api/v1/me/credential", new { })).Body!["credential"]!.GetValue<string>();
        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.OK],
            [(await new Door(ward, first).Get("/api/v1/me")).Status, (await new Door(ward, second).Get("/api/v1/me")).Status, (await new Door(ward, third).Get("/api/v1/me")).Status]);
    }

    [Fact]
    public async Task Nobody_changes_their_own_roles_and_only_personal_roles_are_given()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        var admin = await Door.Person(ward, "p-admin", ["it-security"]);
        await Door.Person(ward, "p-anna", ["auditor"]);
        Assert.Equal(HttpStatusCode.Forbidden, (await admin.Send(HttpMethod.Put, "/api/v1/users/p-admin/roles", """{"roles":["operator","it-security"]}""")).Status);
        Assert.Equal(HttpStatusCode.Accepted, (await admin.Send(HttpMethod.Put, "/api/v1/users/p-anna/roles", """{"roles":["operator"]}""")).Status);
        foreach (var role in new[] { "owner", "sender", "clinical-app", "admin" })
            Assert.Equal(HttpStatusCode.BadRequest, (await admin.Send(HttpMethod.Put, "/api/v1/users/p-anna/roles", $$"""{"roles":["{{role}}"]}""")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await admin.Post("/api/v1/users", new { id = "p-x", name = "X", roles = Array.Empty<string>() })).Status);
    }

    [Fact]
    public async Task The_owner_is_rotated_and_replaced_by_two_named_people_who_remain()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        var former = Door.Owner(ward);
        Assert.Equal(HttpStatusCode.OK, (await former.Post("/api/v1/owner/rotate", new { })).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await former.Get("/api/v1/me")).Status);
        var owner = Door.Owner(ward);
        var admin = await Door.Person(ward, "p-admin", ["it-security"]);
        Assert.Equal(HttpStatusCode.Conflict, (await admin.Post("/api/v1/owner/disable", new { })).Status);
        var officer = await Door.Person(ward, "p-officer", ["compliance"]);
        Assert.Equal(HttpStatusCode.OK, (await admin.Post("/api/v1/owner/disable", new { })).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await owner.Get("/api/v1/me")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await admin.Post("/api/v1/users/p-admin/disable", new { })).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await admin.Post("/api/v1/users/p-officer/disable", new { })).Status);

        var (status, asked) = await admin.Post("/api/v1/owner/enable", new { });
        Assert.Equal(HttpStatusCode.Accepted, status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await owner.Get("/api/v1/me")).Status);
        Assert.Equal(HttpStatusCode.OK, (await officer.Post($"/api/v1/requests/{asked!["request"]}/confirm", new { digest = asked["digest"]!.GetValue<string>() })).Status);
        Assert.Equal(HttpStatusCode.OK, (await owner.Get("/api/v1/me")).Status);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_rotated_senders_secret_goes_on_beside_the_new_one_until_its_end(StorageProvider provider)
    {
        await using var ward = await Ward.Open(await stores.Empty(provider));
        var first = (await File.ReadAllTextAsync(Path.Combine(ward.Options.DataFolder, "source-secrets", "general-hospital"), TestContext.Current.CancellationToken)).Trim();
        async Task<string> Rotate(int hours) => (await Door.Owner(ward).Post("/api/v1/sources/general-hospital/secret", new { keepFormerHours = hours })).Body!["secret"]!.GetValue<string>();
        async Task<HttpStatusCode> Knock(string secret) => (await new Door(ward, secret).Post("/fhir/notify/general-hospital", "")).Status;
        var second = await Rotate(24);
        Assert.NotEqual(HttpStatusCode.Unauthorized, await Knock(first));
        Assert.NotEqual(HttpStatusCode.Unauthorized, await Knock(second));
        var third = await Rotate(0);
        Assert.Equal(HttpStatusCode.Unauthorized, await Knock(first));
        Assert.Equal(HttpStatusCode.Unauthorized, await Knock(second));
        Assert.NotEqual(HttpStatusCode.Unauthorized, await Knock(third));
    }

    [Fact]
    public async Task Somebody_at_the_bedside_sees_the_patients_of_their_unit_and_breaks_glass_for_another()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        await ward.Take(Chart.Person("p1", null), Chart.Person("p2", null));
        await ward.Put("Encounter", "e1", Stay("e1", "p1", "icu"));
        await ward.Put("Encounter", "e2", Stay("e2", "p2", "ed"));
        var secret = await Door.Secret(ward, "p-nurse", ["bedside-clinician"], ["icu"]);
        var nurse = new Door(ward, secret);
        var emergency = new Door(ward, secret) { Purpose = "BTG" };
        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden],
            [(await nurse.Get("/api/v1/patients/p1/risk")).Status, (await nurse.Get("/api/v1/patients/p2/risk")).Status, (await nurse.Get("/fhir/RiskAssessment?subject=Patient/p2")).Status]);
        Assert.Equal(HttpStatusCode.Forbidden, (await emergency.Get("/api/v1/patients/p2/risk")).Status);

        var asked = new { reason = "emergency-care", explanation = "Called to a patient who collapsed.", patient = "p2", minutes = 30, credential = secret };
        Assert.Equal(HttpStatusCode.Forbidden, (await nurse.Post("/api/v1/break-glass", asked with { credential = "hmp_wrong" })).Status);
        var (status, use) = await nurse.Post("/api/v1/break-glass", asked);
        Assert.Equal(HttpStatusCode.Created, status);

        Assert.Equal([HttpStatusCode.OK, HttpStatusCode.Forbidden, HttpStatusCode.Forbidden],
            [(await emergency.Get("/api/v1/patients/p2/risk")).Status, (await emergency.Get("/api/v1/patients/p1/risk")).Status, (await nurse.Get("/api/v1/patients/p2/risk")).Status]);
        Assert.Equal(HttpStatusCode.Conflict, (await nurse.Post("/api/v1/break-glass", asked)).Status);
        var officer = await Door.Person(ward, "p-officer", ["compliance"]);
        var id = use!["id"]!.GetValue<string>();
        Assert.Equal(asked.explanation, (await officer.Get($"/api/v1/break-glass/{id}")).Body!["explanation"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.Forbidden, (await nurse.Post($"/api/v1/break-glass/{id}/review", new { verdict = "justified" })).Status);
        Assert.Equal(HttpStatusCode.OK, (await officer.Post($"/api/v1/break-glass/{id}/review", new { verdict = "justified" })).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await emergency.Get("/api/v1/patients/p2/risk")).Status);
        Assert.Equal(HttpStatusCode.Conflict, (await officer.Post($"/api/v1/break-glass/{id}/review", new { verdict = "not-justified" })).Status);
    }

    [Fact]
    public async Task Somebody_at_the_bedside_gives_feedback_on_the_patients_of_their_unit_alone()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        await ward.Take(Chart.Person("p1", null), Chart.Person("p2", null));
        await ward.Put("Encounter", "e1", Stay("e1", "p1", "icu"));
        await ward.Put("Encounter", "e2", Stay("e2", "p2", "ed"));
        var nurse = await Door.Person(ward, "p-nurse", ["bedside-clinician"], ["icu"]);
        var anywhere = await Door.Person(ward, "p-floating", ["bedside-clinician"]);
        static object On(string patient) => new { patient, model = "sepsis", version = 3, verdict = "agree" };
        Assert.Equal(HttpStatusCode.Created, (await nurse.Post("/api/v1/feedback", On("p1"))).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await nurse.Post("/api/v1/feedback", On("p2"))).Status);
        Assert.Equal(HttpStatusCode.Created, (await anywhere.Post("/api/v1/feedback", On("p2"))).Status);
        var denied = (await Door.Owner(ward).Get("/api/v1/audit/entries?action=access.denied")).Body!["items"]!.AsArray();
        Assert.Equal(("p-nurse", "unit:read-risk"), (Assert.Single(denied)!["person"]!.GetValue<string>(), denied[0]!["outcome"]!.GetValue<string>()));
    }

    private static string Stay(string id, string patient, string unit) => $$"""
        {"resourceType":"Encounter","id":"{{id}}","status":"in-progress","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"IMP"},
        "subject":{"reference":"Patient/{{patient}}"},"period":{"start":"2026-11-20T08:00:00Z"},"location":[{"location":{"reference":"Location/{{unit}}"},"status":"active"}]}
        """;
}
