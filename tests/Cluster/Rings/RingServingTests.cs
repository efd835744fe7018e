using System.Net;
using System.Text.Json;
using HealthMLOps.Access;
using HealthMLOps.Models;
using HealthMLOps.Rings;
using HealthMLOps.Signatures;
using HealthMLOps.Storage;
using HealthMLOps.Tests.Cluster.Access;
using HealthMLOps.Tests.Cluster.Patients;
using HealthMLOps.Tests.Cluster.Storage;
using Microsoft.Extensions.Time.Testing;

namespace HealthMLOps.Tests.Cluster.Rings;

/// <summary>What clinicians see of versions in rings, and what a halt takes away.</summary>
public sealed class RingServingTests(Stores stores)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<StorageProvider> Both => Stores.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task A_canary_is_shown_in_its_units_and_follows_the_patient(StorageProvider provider)
    {
        await using var ward = await Open(provider);
        var model = await AModel.Registered(ward);
        await Promote(ward, model, RingStage.Canary, "medical");
        ward.Clock.SetUtcNow(Ward.Noon);
        await ward.Take(In("p1", "medical"), Chart.HeartRate("o1", "p1", 130), In("p2", "surgical"), Chart.HeartRate("o2", "p2", 130));

        var shown = await Risk(ward, "p1");
        Assert.Equal(("canary", "AI-assisted", "/api/v1/feedback"), (shown.GetProperty("ring").GetString(), shown.GetProperty("label").GetString(), shown.GetProperty("feedback").GetString()));
        Assert.Equal("outside-ring", Reason(await Risk(ward, "p2")));

        await ward.Take(In("p2", "medical", version: 2));
        Assert.Equal("canary", (await Risk(ward, "p2")).GetProperty("ring").GetString());
        await ward.Take(In("p2", "icu", version: 3));
        Assert.Equal("outside-ring", Reason(await Risk(ward, "p2")));
    }

    [Fact]
    public async Task A_shadow_scores_on_the_same_events_and_no_clinician_sees_it()
    {
        await using var ward = await Open(StorageProvider.Sqlite);
        var champion = await AModel.Registered(ward);
        await Promote(ward, champion, RingStage.Production);
        var challenger = await AModel.Registered(ward, "Another statement, so another package.");
        await Promote(ward, challenger, RingStage.Shadow);
        ward.Clock.SetUtcNow(Ward.Noon);
        await ward.Take(In("p1", "medical"), Chart.HeartRate("o1", "p1", 130));

        var turn = Assert.Single(await ward.Turns("p1")).Turn;
        Assert.Equal([champion.Version, challenger.Version], turn.Predictions.Select(p => p.Model).OrderBy(m => m.Number));
        Assert.Equal(champion.Version.Number, (await Risk(ward, "p1")).GetProperty("version").GetInt32());
        Assert.Equal("approved", (await Risk(ward, "p1")).GetProperty("label").GetString());
        var bundle = await ward.Http.GetStringAsync(new Uri("/fhir/RiskAssessment?subject=Patient/p1", UriKind.Relative), Stop);
        Assert.Contains("\"total\":1", bundle, StringComparison.Ordinal);
        var shadow = Assert.Single((await ward.GetJson("/api/v1/patients/p1/shadow-scores?model=deterioration")).EnumerateArray());
        Assert.Equal((challenger.Version.ToString(), false), (shadow.GetProperty("version").GetString(), shadow.GetProperty("withdrawn").GetBoolean()));
        await ward.PostJson("/api/v1/rings/halts", $$"""{"scope":"version:{{challenger.Version}}","reason":"test"}""");
        var withdrawn = Assert.Single((await ward.GetJson("/api/v1/patients/p1/shadow-scores?model=deterioration")).EnumerateArray());
        Assert.True(withdrawn.GetProperty("withdrawn").GetBoolean());
        Assert.Equal(2, (await ward.Get<IGrainFactory>().GetGrain<IRingGrain>(ControlKey.Of("ring", "deterioration/shadow"))
            .Count(new RingQuestion(challenger.Version, default, TimeSpan.Zero))).Exposure.Events + 1);
    }

    [Theory]
    [InlineData("global", true, true)]
    [InlineData("site:general-hospital", true, true)]
    [InlineData("site:elsewhere", false, false)]
    [InlineData("unit:medical", true, true)]
    [InlineData("unit:icu", false, false)]
    [InlineData("model:deterioration", true, true)]
    [InlineData("version:deterioration@1", true, true)]
    [InlineData("version:deterioration@2", false, false)]
    [InlineData("channel:rest", true, false)]
    [InlineData("channel:fhir", false, true)]
    public async Task A_halt_stops_its_scope_and_names_the_fallback(string scope, bool stopsRest, bool stopsFhir)
    {
        await using var ward = await Open(StorageProvider.Sqlite);
        await Promote(ward, await AModel.Registered(ward), RingStage.Production);
        ward.Clock.SetUtcNow(Ward.Noon);
        await ward.Take(In("p1", "medical"), Chart.HeartRate("o1", "p1", 130));
        Assert.True((await Risk(ward, "p1")).TryGetProperty("score", out _));

        var outcome = await ward.PostJson("/api/v1/rings/halts", $$"""{"scope":"{{scope}}","reason":"test"}""");

        Assert.Equal("confirmed", outcome.GetProperty("outcome").GetString());
        var risk = await Risk(ward, "p1");
        Assert.Equal(!stopsRest, risk.TryGetProperty("score", out _));
        if (stopsRest)
        {
            Assert.Equal(("halted", "NEWS2", scope), (Reason(risk), risk.GetProperty("fallback").GetString(), risk.GetProperty("halt").GetProperty("scope").GetString()));
            Assert.True(risk.GetProperty("openPrediction").GetProperty("withdrawn").GetBoolean());
        }
        var bundle = await ward.Http.GetStringAsync(new Uri("/fhir/RiskAssessment?subject=Patient/p1", UriKind.Relative), Stop);
        Assert.Equal(stopsFhir, bundle.Contains("\"halted\"", StringComparison.Ordinal));
        Assert.Equal(!stopsFhir, bundle.Contains("\"resourceType\":\"RiskAssessment\"", StringComparison.Ordinal));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task One_person_stops_and_can_not_restart_alone_and_an_old_score_does_not_come_back(StorageProvider provider)
    {
        await using var ward = await Open(provider);
        await Promote(ward, await AModel.Registered(ward), RingStage.Production);
        ward.Clock.SetUtcNow(Ward.Noon);
        await ward.Take(In("p1", "medical"), Chart.HeartRate("o1", "p1", 130));
        var before = (await Risk(ward, "p1")).GetProperty("asOf").GetDateTimeOffset();
        var id = (await ward.PostJson("/api/v1/rings/halts", """{"scope":"model:deterioration","reason":"test"}""")).GetProperty("id").GetString()!;
        ward.Clock.Advance(TimeSpan.FromMinutes(1));

        Assert.Equal("checklist", await Refused(ward, $"/api/v1/rings/halts/{id}/restart", """{"confirmed":["cause-known"]}"""));
        const string closed = """{"confirmed":["cause-known","cause-removed","unscored-patients-listed","wards-told"]}""";
        Assert.Equal("asked", (await ward.PostJson($"/api/v1/rings/halts/{id}/restart", closed)).GetProperty("state").GetString());
        await ward.PostJson($"/api/v1/rings/halts/{id}/restart", closed);
        Assert.Equal("halted", Reason(await Risk(ward, "p1")));

        var behind = ward.Clock.GetUtcNow().AddHours(-1); // The second word comes to a silo whose clock is slow.
        await ward.Get<PlanStore>().Change(plan => plan.Restart(id, "bea", [Role.Operator], behind, TimeSpan.FromHours(72)), Stop);
        await ward.Get<LeaseKeeper>().Renew(Stop);
        Assert.True((await Risk(ward, "p1")).GetProperty("asOf").GetDateTimeOffset() > before);
    }

    [Fact]
    public async Task The_owners_credential_asks_and_a_named_person_of_another_role_confirms()
    {
        await using var ward = await Open(StorageProvider.Sqlite);
        var (bea, ben) = (await Door.Person(ward, "p-bea", ["compliance"]), await Door.Person(ward, "p-ben", ["compliance"]));
        var id = (await ward.PostJson("/api/v1/rings/halts", """{"scope":"global","reason":"test"}""")).GetProperty("id").GetString()!;
        var path = $"/api/v1/rings/halts/{id}/restart";
        var closed = new { confirmed = new[] { "cause-known", "cause-removed", "unscored-patients-listed", "wards-told" } };
        Assert.Equal(HttpStatusCode.OK, (await bea.Post(path, closed)).Status);
        Assert.Equal("other-role", (await ben.Post(path, closed)).Body!["title"]!.GetValue<string>());
        var (status, asked) = await Door.Owner(ward).Post(path, closed);
        Assert.Equal((HttpStatusCode.OK, "asked"), (status, asked!["state"]!.GetValue<string>()));
        Assert.Equal("restarted", (await bea.Post(path, new { })).Body!["state"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_drill_that_finds_no_place_is_refused_and_stops_nothing()
    {
        await using var ward = await Open(StorageProvider.Sqlite);
        await ward.Get<PlanStore>().Change(plan => Enumerable.Range(0, PublishedPlan.HaltsMax).Aggregate(plan, (full, n) =>
            full.Halt(new HaltOrder { Id = $"h{n}", Scope = HaltScope.Parse($"unit:u{n}"), By = "anna", At = Ward.Noon, Reason = "test" })), Stop);
        Assert.Equal("halts-full", await Refused(ward, "/api/v1/rings/drills", """{"reason":"quarterly"}"""));
        Assert.DoesNotContain((await ward.Get<PlanStore>().Read(Stop)).Halts, h => h.Scope.Kind is HaltKind.Global or HaltKind.Drill);
    }

    [Fact]
    public async Task Without_a_lease_there_is_no_score()
    {
        await using var ward = await Open(StorageProvider.Sqlite);
        await Promote(ward, await AModel.Registered(ward), RingStage.Production);
        ward.Clock.SetUtcNow(Ward.Noon);
        await ward.Take(In("p1", "medical"), Chart.HeartRate("o1", "p1", 130));

        await ward.Get<Database>().Change("ALTER TABLE plan_leases RENAME TO gone", Stop);
        ward.Get<PlanBoard>().DropLease();
        Assert.Equal("no-lease", Reason(await Risk(ward, "p1")));

        await ward.Get<Database>().Change("ALTER TABLE gone RENAME TO plan_leases", Stop);
        Assert.True((await Risk(ward, "p1")).TryGetProperty("score", out _));
    }

    [Fact]
    public async Task A_plan_that_was_saved_but_not_published_is_published_by_the_next_activation()
    {
        var options = await stores.Empty(StorageProvider.Sqlite);
        await using (var ward = await Ward.Open(options, Early()))
        {
            await Promote(ward, await AModel.Registered(ward), RingStage.Canary, "medical");
            await ward.Get<Database>().Change("UPDATE serving_plan SET epoch = 0, payload = x''", Stop);
        }

        await using var after = await Ward.Open(options, Early());
        Assert.Equal(0, (await after.Get<PlanStore>().Read(Stop)).Epoch);
        await Rollout(after).Show();
        Assert.Equal(RingStage.Canary, Assert.Single((await after.Get<PlanStore>().Read(Stop)).Models).Placements.Single().Stage);
    }

    [Fact]
    public async Task A_rollback_restores_the_former_champion_at_once_and_it_is_warm()
    {
        await using var ward = await Open(StorageProvider.Sqlite, days: -200);
        var first = await AModel.Registered(ward);
        await Promote(ward, first, RingStage.Production);
        var second = await AModel.Registered(ward, "Another statement, so another package.");
        await Promote(ward, second, RingStage.Production);
        ward.Clock.SetUtcNow(Ward.Noon);
        await ward.Take(In("p1", "medical"), Chart.HeartRate("o1", "p1", 130));
        Assert.Equal(2, (await Risk(ward, "p1")).GetProperty("version").GetInt32());
        Assert.Equal([first.Version], ward.Get<PlanBoard>().Current.Warm.Select(w => w.Version));

        var rolledBack = await ward.PostJson("/api/v1/rings/deterioration/rollback", """{"reason":"alerts doubled"}""");

        Assert.Equal(1, (await Risk(ward, "p1")).GetProperty("version").GetInt32());
        Assert.Contains(rolledBack.GetProperty("rings").EnumerateArray(), r => r.GetProperty("version").GetString() == "deterioration@1" && r.GetProperty("ring").GetString() == "deterioration/production");
    }

    [Fact]
    public async Task Over_http_the_way_to_a_canary_is_refused_at_each_missing_piece()
    {
        await using var ward = await Open(StorageProvider.Sqlite);
        await AModel.Registered(ward);
        Assert.Equal("way", await Refused(ward, "/api/v1/rings/deterioration/plan", """{"version":1,"ring":"canary","units":["medical"]}"""));
        await ward.PostJson("/api/v1/rings/deterioration/plan", """{"version":1,"ring":"shadow"}""");
        await ward.PostJson("/api/v1/rings/deterioration/advance", "{}");
        await ward.PostJson("/api/v1/rings/deterioration/plan", """{"version":1,"ring":"canary","units":["medical"]}""");
        var shown = await ward.GetJson("/api/v1/rings/deterioration");
        var digest = shown.GetProperty("plan").GetProperty("digest").GetString();
        Assert.Equal("four-eyes", await Refused(ward, "/api/v1/rings/deterioration/approve", $$"""{"digest":"{{digest}}","credential":"x"}"""));
        Assert.Equal("signatures", await Refused(ward, "/api/v1/rings/deterioration/advance", "{}"));
        var gates = shown.GetProperty("evidence").GetProperty("gates").EnumerateArray().ToDictionary(g => g.GetProperty("criterion").GetString()!, g => g.GetProperty("verdict").GetString());
        Assert.Equal("within", gates["validation-report.auroc"]);
        Assert.Equal("inconclusive", gates["shadow.auroc"]);
        Assert.Equal("inconclusive", gates["drill.age-days"]);

        var drill = await ward.PostJson("/api/v1/rings/drills", """{"reason":"quarterly"}""");
        Assert.Equal("confirmed", drill.GetProperty("outcome").GetString());
        gates = (await ward.GetJson("/api/v1/rings/deterioration")).GetProperty("evidence").GetProperty("gates").EnumerateArray()
            .ToDictionary(g => g.GetProperty("criterion").GetString()!, g => g.GetProperty("verdict").GetString());
        Assert.Equal("within", gates["drill.age-days"]);
        Assert.Equal(HttpStatusCode.NotFound, (await ward.Http.PostAsync(new Uri("/api/v1/rings/deterioration/plan", UriKind.Relative),
            new StringContent("""{"version":9,"ring":"shadow"}""", System.Text.Encoding.UTF8, "application/json"), Stop)).StatusCode);
    }

    private static FakeTimeProvider Early(int days = -90) => new(Ward.Noon.AddDays(days));

    private async Task<Ward> Open(StorageProvider provider, int days = -90) => await Ward.Open(await stores.Empty(provider), Early(days));

    private static IRolloutGrain Rollout(Ward ward) => ward.Get<IGrainFactory>().GetGrain<IRolloutGrain>(ControlKey.Of(RolloutGrain.Kind, AModel.Name));

    /// <summary>The whole way with all signatures and evidence, on the ward's clock.</summary>
    private static async Task Promote(Ward ward, RegisteredModel model, RingStage stage, params string[] units)
    {
        foreach (var step in (RingStage[])[RingStage.Shadow, RingStage.Canary, RingStage.Production])
        {
            if (step > stage) break;
            string[] named = step == stage ? units : step == RingStage.Canary ? ["icu"] : [];
            await Rollout(ward).Record(new RolloutEvent.Proposed(Command(), model.Version, model.PackageDigest, step, [.. named], "anna"));
            foreach (var (person, role) in new[] { ("bea", "clinician-reviewer"), ("carl", "compliance") })
            {
                var open = (await Rollout(ward).Show()).Open!;
                await Rollout(ward).Record(new RolloutEvent.Approved(Command(), new Signature
                {
                    Id = Command(), Person = person, PrintedName = person, Role = role, Meaning = "approve", Digest = open.Digest(), Subject = open.Subject, At = ward.Clock.GetUtcNow(),
                }));
            }
            var plan = (await Rollout(ward).Show()).Open!;
            var gates = ward.Get<RingBook>().Of(AModel.Name).Of(step).Gates
                .Select(g => new GateEvidence(g.Criterion, GateVerdict.Within, new GateMeasurement(1, g.AtLeast ?? 0, g.AtMost ?? 1, 500, "test"), ""));
            await Rollout(ward).Record(new RolloutEvent.Advanced(Command(), plan.Id, new Exposure(5_000, 5_000), [.. gates], "anna"));
            if (step < stage) ward.Clock.Advance(TimeSpan.FromDays(30));
        }
        await ward.Get<LeaseKeeper>().Renew(Stop);
        await ward.Get<PlanKeeper>().Refresh();
    }

    private static string Command() => Guid.NewGuid().ToString("N");

    private static HealthMLOps.Intake.IngestEntry In(string patient, string unit, int version = 1) => Chart.Of(
        $$"""
        {"resourceType":"Encounter","id":"stay-of-{{patient}}","meta":{"versionId":"{{version}}","lastUpdated":"{{Chart.Written(version):yyyy-MM-ddTHH:mm:ssZ}}"},"status":"in-progress",
         "class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"IMP"},"subject":{"reference":"Patient/{{patient}}"},
         "period":{"start":"{{Ward.Noon.AddHours(-10):yyyy-MM-ddTHH:mm:ssZ}}"},"location":[{"location":{"reference":"Location/{{unit}}"},"status":"active"}]}
        """);

    private static Task<JsonElement> Risk(Ward ward, string patient) => ward.GetJson($"/api/v1/patients/{patient}/risk?model=deterioration");

    private static string? Reason(JsonElement risk) => risk.GetProperty("noScore").GetProperty("reason").GetString();

    /// <summary>The code of a refusal.</summary>
    private static async Task<string?> Refused(Ward ward, string path, string body)
    {
        var answer = await ward.Http.PostAsync(new Uri(path, UriKind.Relative), new StringContent(body, System.Text.Encoding.UTF8, "application/json"), Stop);
        Assert.Equal(HttpStatusCode.Conflict, answer.StatusCode);
        return JsonDocument.Parse(await answer.Content.ReadAsStringAsync(Stop)).RootElement.GetProperty("title").GetString();
    }
}
