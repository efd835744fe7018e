using System.Net;
using System.Text.Json.Nodes;
using HealthMLOps.Storage;
using HealthMLOps.Tests.Cluster.Patients;
using HealthMLOps.Tests.Cluster.Storage;

namespace HealthMLOps.Tests.Cluster.Access;

/// <summary>A bundle by a program that may write only some types.</summary>
public sealed class BundleScopeTests(Stores stores)
{
    public static TheoryData<StorageProvider> Both => Stores.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task Entries_out_of_scope_are_refused_one_by_one_and_the_others_are_taken(StorageProvider provider)
    {
        await using var ward = await Ward.Open(await stores.Empty(provider));
        var app = await Program(ward, "system/Observation.cu", "system/Patient.cu", "system/Encounter.d");

        var (status, answer) = await Send(app, Put("Patient", "p1"), Put("Condition", "c1"), Put("Observation", "o1"), Delete("Observation", "o9"), Delete("Encounter", "e1"), Post("Device"));

        Assert.Equal(HttpStatusCode.OK, status);
        Assert.Equal(["201 Created", "403 Forbidden", "201 Created", "403 Forbidden", "204 No Content", "403 Forbidden"], Statuses(answer));
        var refused = answer!["entry"]![1]!["response"]!["outcome"]!["issue"]![0]!;
        Assert.Equal("forbidden", refused["code"]!.GetValue<string>());
        Assert.Contains("system/Condition.cu", refused.ToJsonString(), StringComparison.Ordinal);
        Assert.Equal(["Observation", "Patient"], (await ward.Facts("p1")).Select(f => f.ResourceType).Order(StringComparer.Ordinal));
        Assert.Empty((await Door.Owner(ward).Get("/api/v1/quarantine")).Body!["items"]!.AsArray());
        var denied = Assert.Single((await Door.Owner(ward).Get("/api/v1/audit/entries?action=access.denied")).Body!["items"]!.AsArray())!;
        Assert.Equal(("client:ward-app", "scope:ingest", "POST /fhir 3 of 6 entries: Condition Device Observation"),
            (denied["person"]!.GetValue<string>(), denied["outcome"]!.GetValue<string>(), denied["object"]!.GetValue<string>()));
    }

    [Fact]
    public async Task What_a_resource_is_counts_and_not_where_the_entry_says_that_it_goes()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        var app = await Program(ward, "system/Observation.cu");
        var disguised = Put("Condition", "c1");
        disguised["request"]!["url"] = "Observation/c1";
        var broken = Put("Condition", "c2");
        broken["request"]!["method"] = "PATCH";

        var (_, answer) = await Send(app, disguised, broken, Put("Observation", "o1"));

        Assert.Equal(["403 Forbidden", "403 Forbidden", "201 Created"], Statuses(answer));
        Assert.Empty((await Door.Owner(ward).Get("/api/v1/quarantine")).Body!["items"]!.AsArray());
    }

    [Fact]
    public async Task Who_may_write_no_type_sends_no_bundle_and_who_has_no_scopes_is_not_narrowed()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        var reader = await Program(ward, "system/Observation.rs", "system/Patient.r");
        Assert.Equal(HttpStatusCode.Forbidden, (await Send(reader, Put("Observation", "o1"))).Status);
        Assert.Equal(["201 Created", "201 Created"], Statuses((await Send(Door.Owner(ward), Put("Condition", "c1"), Put("Observation", "o1"))).Body));
    }

    private static async Task<Door> Program(Ward ward, params string[] scopes)
    {
        using var program = new AProgram();
        await program.Register(ward, scopes);
        var endpoint = (await new Door(ward).Get("/.well-known/smart-configuration")).Body!["token_endpoint"]!.GetValue<string>();
        var (status, granted) = await AProgram.Ask(ward, program.Assertion(endpoint), string.Join(' ', scopes));
        Assert.True(status == HttpStatusCode.OK, granted?.ToJsonString());
        return new Door(ward, granted!["access_token"]!.GetValue<string>());
    }

    private static Task<(HttpStatusCode Status, JsonNode? Body)> Send(Door door, params JsonObject[] entries) => door.Send(
        HttpMethod.Post, "/fhir", new JsonObject { ["resourceType"] = "Bundle", ["type"] = "batch", ["entry"] = new JsonArray([.. entries]) }.ToJsonString(), "application/fhir+json");

    private static IEnumerable<string> Statuses(JsonNode? answer) => answer!["entry"]!.AsArray().Select(e => e!["response"]!["status"]!.GetValue<string>());

    private static JsonObject Put(string type, string id) => new() { ["request"] = new JsonObject { ["method"] = "PUT", ["url"] = $"{type}/{id}" }, ["resource"] = Resource(type, id) };

    private static JsonObject Post(string type) => new() { ["request"] = new JsonObject { ["method"] = "POST", ["url"] = type }, ["resource"] = Resource(type, null) };

    private static JsonObject Delete(string type, string id) => new() { ["request"] = new JsonObject { ["method"] = "DELETE", ["url"] = $"{type}/{id}" } };

    private static JsonObject Resource(string type, string? id)
    {
        var resource = JsonNode.Parse(type switch
        {
            "Observation" => """{"status":"final","code":{"coding":[{"system":"http://loinc.org","code":"8867-4"}]},"effectiveDateTime":"2026-11-20T11:00:00Z","valueQuantity":{"value":80,"unit":"/min","system":"http://unitsofmeasure.org","code":"/min"}}""",
            "Condition" => """{"clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":"active"}]},"code":{"coding":[{"system":"http://snomed.info/sct","code":"91302008"}]},"recordedDate":"2026-11-20T11:00:00Z"}""",
            _ => "{}",
        })!.AsObject();
        resource["resourceType"] = type;
        if (id is not null) resource["id"] = id;
        if (type is "Observation" or "Condition") resource["subject"] = new JsonObject { ["reference"] = "Patient/p1" };
        return resource;
    }
}
