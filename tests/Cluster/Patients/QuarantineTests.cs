using System.Text;
using System.Text.Json.Nodes;
using HealthMLOps.Clinical;
using HealthMLOps.Intake;
using HealthMLOps.Storage;
using HealthMLOps.Tests.Cluster.Storage;

namespace HealthMLOps.Tests.Cluster.Patients;

/// <summary>What is refused waits whole, withdraws what it replaces, and is taken in later as it came.</summary>
public sealed class QuarantineTests(Stores stores)
{
    private const string Old = "https://old.example/fhir";
    private const string New = "https://new.example/fhir";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<StorageProvider> Both => Stores.Both;

    [Fact]
    public async Task A_refused_newer_version_takes_its_elder_out_of_the_score()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        await ward.Take(Chart.HeartRate("o1", "p1", 70));
        Assert.Equal(70, await ward.HeartRate("p1"));

        var refused = Chart.Of(Chart.HeartRateJson("o1", "p1", 150, version: 2).Replace("/min", "furlong", StringComparison.Ordinal));
        Assert.IsType<EntryResult.Refused>((await ward.Take(refused))[0]);
        Assert.Null(await ward.HeartRate("p1"));
        Assert.IsType<EntryResult.Refused>((await ward.Take(refused))[0]);

        var history = await ward.GetJson("/api/v1/patients/p1/history");
        var facts = history.GetProperty("facts").EnumerateArray().ToList();
        Assert.Equal(2, facts.Count);
        Assert.Equal(("2", "quarantined"), (facts[1].GetProperty("version").GetString(), facts[1].GetProperty("unusedBecause").GetString()));

        await ward.Take(Chart.HeartRate("o1", "p1", 90, version: 3));
        Assert.Equal(90, await ward.HeartRate("p1"));
        await ward.Take(refused);
        Assert.Equal(90, await ward.HeartRate("p1"));
    }

    [Fact]
    public async Task A_refused_older_version_changes_nothing()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        await ward.Take(Chart.HeartRate("o1", "p1", 70, version: 3));
        await ward.Take(Chart.Of(Chart.HeartRateJson("o1", "p1", 150, version: 2).Replace("/min", "furlong", StringComparison.Ordinal)));
        Assert.Equal(70, await ward.HeartRate("p1"));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_refused_version_that_overtook_its_elder_holds_it_back(StorageProvider provider)
    {
        await using var ward = await Ward.Open(await stores.Empty(provider));
        await ward.Take(Chart.HeartRate("o0", "p1", 60, hoursAgo: 9));
        await ward.Take(Chart.Of(Chart.HeartRateJson("o1", "p1", 150, version: 2).Replace("/min", "furlong", StringComparison.Ordinal)));
        Assert.Single(await ward.Facts("p1"));
        await ward.Take(Chart.HeartRate("o1", "p1", 80));
        await ward.Settle();
        Assert.Equal(60, await ward.HeartRate("p1"));
        Assert.Contains(await ward.Facts("p1"), f => f.UnusedBecause == "quarantined");
        Assert.Equal(1, (await ward.Log.Statistics(Stop)).Patients);

        var corrected = Assert.IsType<EntryResult.Stored>((await ward.Take(Chart.HeartRate("o1", "p1", 90, version: 3)))[0]);
        Assert.Equal((90, Admission.Updated), (await ward.HeartRate("p1"), corrected.Admission));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_refused_version_and_its_elder_at_once_leave_nothing(StorageProvider provider)
    {
        await using var ward = await Ward.Open(await stores.Empty(provider));
        await Task.WhenAll(Enumerable.Range(0, 20).SelectMany(n => new[]
        {
            ward.Take(Chart.HeartRate($"o{n}", "p1", 80)),
            ward.Take(Chart.Of(Chart.HeartRateJson($"o{n}", "p1", 150, version: 2).Replace("/min", "furlong", StringComparison.Ordinal))),
        }));
        await ward.Settle();
        Assert.Null(await ward.HeartRate("p1"));
    }

    [Fact]
    public async Task The_same_version_in_a_readable_copy_takes_the_refused_ones_place()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        for (var n = 0; n < 40; n++)
        {
            var patient = $"p{n}";
            await ward.Take(Chart.HeartRate($"o{n}", patient, 60));
            await ward.Take(Chart.Of(Chart.HeartRateJson($"o{n}", patient, 90, version: 2).Replace("/min", "furlong", StringComparison.Ordinal)));
            await ward.Take(Chart.HeartRate($"o{n}", patient, 90, version: 2));
            Assert.Equal(90, await ward.HeartRate(patient));
        }
    }

    [Theory]
    [InlineData("2026-11-20T11:30:00")]
    [InlineData("yesterday")]
    public async Task A_version_whose_time_of_change_is_unreadable_still_takes_its_elder_out(string lastUpdated)
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        await ward.Take(Chart.HeartRate("o1", "p1", 70));
        var unreadable = Chart.Of(Chart.HeartRateJson("o1", "p1", 150, version: 2)
            .Replace($"{Chart.Written(2):yyyy-MM-ddTHH:mm:ssZ}", lastUpdated, StringComparison.Ordinal));
        Assert.IsType<EntryResult.Refused>((await ward.Take(unreadable))[0]);
        Assert.Null(await ward.HeartRate("p1"));
    }

    [Fact]
    public async Task A_refused_version_that_names_no_patient_still_takes_its_elder_out()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        await ward.Take(Chart.HeartRate("o1", "p1", 70));
        await ward.Take(Chart.Of(Chart.HeartRateJson("o1", "p1", 150, version: 2).Replace("/min", "furlong", StringComparison.Ordinal)
            .Replace("\"reference\":\"Patient/p1\"", "\"display\":\"x\"", StringComparison.Ordinal)));
        Assert.Null(await ward.HeartRate("p1"));
    }

    [Theory, MemberData(nameof(Both))]
    public async Task A_bundle_entry_is_replayed_with_what_its_references_meant_in_its_bundle(StorageProvider provider)
    {
        var options = await stores.Empty(provider);
        var bundle = $$$"""
            {"resourceType":"Bundle","type":"transaction","entry":[
             {"fullUrl":"urn:uuid:11111111-1111-4111-8111-111111111111","resource":{"resourceType":"Patient","id":"p7"},"request":{"method":"POST","url":"Patient"}},
             {"fullUrl":"urn:uuid:22222222-2222-4222-8222-222222222222","resource":{"resourceType":"Medication","code":{"coding":[{"system":"http://www.nlm.nih.gov/research/umls/rxnorm","code":"1191"}]}},"request":{"method":"POST","url":"Medication"}},
             {"fullUrl":"urn:uuid:33333333-3333-4333-8333-333333333333","resource":{"resourceType":"MedicationRequest","status":"active","intent":"order",
               "subject":{"reference":"urn:uuid:11111111-1111-4111-8111-111111111111"},"medicationReference":{"reference":"urn:uuid:22222222-2222-4222-8222-222222222222"},
               "encounter":{"reference":"{{{New}}}/Encounter/e1"},"authoredOn":"2026-11-20T09:00:00Z"},"request":{"method":"POST","url":"MedicationRequest"}}]}
            """;
        await using (var before = await Ward.Open(options, configFolder: Config(Old)))
        {
            await before.PostFhir(bundle);
            Assert.DoesNotContain(await before.Facts("p7"), f => f.Entries.OfType<ClinicalEvent>().Any());
            var still = await before.PostJson("/api/v1/quarantine/replay", "");
            Assert.Equal((0, 1), (still.GetProperty("replayed").GetInt32(), still.GetProperty("stillRefused").GetInt32()));
        }

        await using var after = await Ward.Open(options, configFolder: Config(New));
        var replayed = await after.PostJson("/api/v1/quarantine/replay", "");
        Assert.Equal((1, 0), (replayed.GetProperty("replayed").GetInt32(), replayed.GetProperty("stillRefused").GetInt32()));
        var order = Assert.Single((await after.Facts("p7")).SelectMany(f => f.Entries).OfType<ClinicalEvent>());
        Assert.Equal("1191", Assert.Single(order.Codes).Code);
        Assert.Equal(1, (await after.GetJson("/api/v1/quarantine?status=replayed")).GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task A_replay_does_not_overrule_a_correction_that_came_while_it_waited()
    {
        var options = await stores.Empty(StorageProvider.Sqlite);
        await using (var before = await Ward.Open(options, configFolder: Config(Old)))
        {
            await before.Take(Chart.Of(Unversioned(bpm: 180, New)));
            before.Clock.Advance(TimeSpan.FromMinutes(1));
            await before.Take(Chart.Of(Unversioned(bpm: 75, Old)));
            Assert.Equal(75, await before.HeartRate("p1"));
        }

        await using var after = await Ward.Open(options, new(Ward.Noon.AddMinutes(10)), configFolder: Config(New));
        Assert.Equal(1, (await after.PostJson("/api/v1/quarantine/replay", "")).GetProperty("replayed").GetInt32());
        Assert.Equal(75, await after.HeartRate("p1"));
        Assert.Equal(2, (await after.Facts("p1")).Count);
        await after.Take(Chart.Of(Unversioned(bpm: 180, New)));
        Assert.Equal(75, await after.HeartRate("p1"));
    }

    [Fact]
    public async Task A_replayed_version_stands_where_it_would_have_stood()
    {
        var options = await stores.Empty(StorageProvider.Sqlite);
        var second = WithEncounter(Chart.HeartRateJson("o1", "p1", 88, version: 2), New);
        await using (var before = await Ward.Open(options, configFolder: Config(Old)))
        {
            await before.Take(Chart.HeartRate("o1", "p1", 70));
            await before.Take(Chart.Of(second));
            Assert.Null(await before.HeartRate("p1"));
        }

        await using var after = await Ward.Open(options, configFolder: Config(New));
        await after.PostJson("/api/v1/quarantine/replay", "");
        Assert.Equal(88, await after.HeartRate("p1"));
    }

    [Fact]
    public async Task What_an_import_could_not_use_is_replayed_as_history()
    {
        var options = await stores.Empty(StorageProvider.Sqlite);
        await using (var before = await Ward.Open(options, configFolder: Config(Old)))
            await before.Import(Chart.Of(WithEncounter(Chart.HeartRateJson("o1", "p1", 70, hoursAgo: 5), New)));

        await using var after = await Ward.Open(options, configFolder: Config(New));
        await after.PostJson("/api/v1/quarantine/replay", "");
        var fact = (await after.Facts("p1")).Single(f => !f.Entries.IsEmpty);
        Assert.Equal(Ward.Noon.AddHours(-5), fact.Available);
    }

    [Fact]
    public async Task A_large_body_is_kept_whole()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        var body = $$$$"""{"resourceType":"Bundle","type":"nonsense","entry":[{"resource":{"resourceType":"Basic","text":{"div":"{{{{new string('x', 6 << 20)}}}}"}}}]}""";
        await ward.Http.PostAsync(new Uri("/fhir", UriKind.Relative), new StringContent(body, Encoding.UTF8, "application/fhir+json"), Stop);
        Assert.Equal(body, (await ward.GetJson("/api/v1/quarantine/1")).GetProperty("payload").GetString());
    }

    private static string Unversioned(int bpm, string fhirBase)
    {
        var resource = JsonNode.Parse(WithEncounter(Chart.HeartRateJson("o1", "p1", bpm), fhirBase))!.AsObject();
        resource.Remove("meta");
        return resource.ToJsonString();
    }

    private static string WithEncounter(string resource, string fhirBase)
    {
        var json = JsonNode.Parse(resource)!.AsObject();
        json["encounter"] = new JsonObject { ["reference"] = $"{fhirBase}/Encounter/e1" };
        return json.ToJsonString();
    }

    /// <summary>The shipped policy with an EHR whose own address is known.</summary>
    private static string Config(string fhirBase) => APolicy.With("sources/general-hospital.json", source => source["fhirBase"] = fhirBase);
}
