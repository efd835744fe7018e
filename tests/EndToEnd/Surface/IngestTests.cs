using System.Net;
using System.Text.Json.Nodes;
using HealthMLOps.Tests.EndToEnd.Charts;

namespace HealthMLOps.Tests.EndToEnd.Surface;

public sealed class IngestTests(SharedSilo shared)
{
    [Fact]
    public async Task A_PUT_answers_201_for_a_new_resource_and_200_for_newer_repeated_and_older_versions()
    {
        var (patient, pulse) = (A.NewId("p"), A.NewId("o"));

        var made = await shared.Owner.Put(A.Pulse(pulse, patient, 70, A.Morning, version: 2));
        var newer = await shared.Owner.Put(A.Pulse(pulse, patient, 72, A.Morning, version: 3));
        var repeated = await shared.Owner.Put(A.Pulse(pulse, patient, 72, A.Morning, version: 3));
        var older = await shared.Owner.Put(A.Pulse(pulse, patient, 68, A.Morning, version: 1));
        var olderAgain = await shared.Owner.Put(A.Pulse(pulse, patient, 68, A.Morning, version: 1));

        Assert.Equal((HttpStatusCode.Created, "created"), (made.Status, made.Codes[0]));
        Assert.Equal((HttpStatusCode.OK, "updated"), (newer.Status, newer.Codes[0]));
        Assert.Equal((HttpStatusCode.OK, "repeated"), (repeated.Status, repeated.Codes[0]));
        Assert.Equal((HttpStatusCode.OK, "older"), (older.Status, older.Codes[0]));
        Assert.Equal((HttpStatusCode.OK, "repeated"), (olderAgain.Status, olderAgain.Codes[0]));
        Assert.Equal(["1", "2", "3"], (await shared.Owner.History(patient)).Select(f => f["version"]!.GetValue<string>()).Order());
        Assert.Equal(72, await LastPulse(patient));
    }

    [Fact]
    public async Task A_deleted_observation_leaves_the_features_and_stays_in_the_history()
    {
        var (patient, pulse) = (A.NewId("p"), A.NewId("o"));
        await shared.Owner.Put(A.Pulse(A.NewId("o"), patient, 70, A.Morning.AddHours(-1)));
        await shared.Owner.Put(A.Pulse(pulse, patient, 90, A.Morning));
        Assert.Equal(90, await LastPulse(patient));

        Assert.Equal(HttpStatusCode.NoContent, (await shared.Owner.Delete("/fhir/Observation/" + pulse)).Status);

        Assert.Equal(70, await LastPulse(patient));
        Assert.Equal(["active", "deleted"], (await shared.Owner.History(patient))
            .Where(f => f["resource"]!.GetValue<string>() == "Observation/" + pulse).Select(f => f["standing"]!.GetValue<string>()));
    }

    [Fact]
    public async Task An_observation_entered_in_error_leaves_the_features()
    {
        var (patient, pulse) = (A.NewId("p"), A.NewId("o"));
        await shared.Owner.Put(A.Pulse(A.NewId("o"), patient, 70, A.Morning.AddHours(-1)));
        await shared.Owner.Put(A.Pulse(pulse, patient, 190, A.Morning));
        Assert.Equal(190, await LastPulse(patient));

        await shared.Owner.Put(A.Pulse(pulse, patient, 190, A.Morning, version: 2, status: "entered-in-error"));

        Assert.Equal(70, await LastPulse(patient));
    }

    [Fact]
    public async Task One_bad_entry_of_a_bundle_is_quarantined_and_costs_the_others_nothing()
    {
        var patient = A.NewId("p");
        var bad = A.Pulse(A.NewId("bad"), patient, 80, A.Morning);
        bad.Remove("code");

        var answer = await shared.Owner.Post("/fhir", A.Batch(A.Patient(patient), A.Pulse(A.NewId("o"), patient, 70, A.Morning), bad, A.Pulse(A.NewId("o"), patient, 71, A.Morning)));

        Assert.Equal(HttpStatusCode.OK, answer.Status);
        var entries = answer.Json["entry"]!.AsArray();
        Assert.Equal(["201", "201", "422", "201"], entries.Select(e => e!["response"]!["status"]!.GetValue<string>()[..3]));
        Assert.Equal("error", entries[2]!["response"]!["outcome"]!["issue"]![0]!["severity"]!.GetValue<string>());
        Assert.Equal(3, (await shared.Owner.History(patient)).Count);
        var item = await Quarantined(bad);
        Assert.Equal("open", item["status"]!.GetValue<string>());

        var replay = await shared.Owner.Post($"/api/v1/quarantine/{item["id"]}/replay");
        Assert.Equal((HttpStatusCode.OK, false), (replay.Status, replay.Json["replayed"]!.GetValue<bool>()));
        Assert.Equal("open", (await Quarantined(bad))["status"]!.GetValue<string>());
    }

    [Fact]
    public async Task A_resource_refused_by_itself_is_quarantined_once_and_replayed_by_its_number()
    {
        var bad = A.Pulse(A.NewId("bad"), A.NewId("p"), 80, A.Morning);
        bad["effectiveDateTime"] = "yesterday";
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await shared.Owner.Put(bad)).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await shared.Owner.Put(bad)).Status);

        var item = await Quarantined(bad);

        Assert.Equal(2, item["times"]!.GetValue<int>());
        Assert.Equal("general-hospital", item["source"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.NotFound, (await shared.Owner.Post("/api/v1/quarantine/999999999/replay")).Status);
    }

    [Theory]
    [InlineData("/fhir/Potion", """{"resourceType":"Potion","id":"a"}""", HttpStatusCode.UnprocessableEntity)]
    [InlineData("/fhir/Observation", """{"resourceType":"Potion","id":"a"}""", HttpStatusCode.UnprocessableEntity)]
    [InlineData("/fhir/Observation", """{"resourceType":"Observation","resourceType":"Patient"}""", HttpStatusCode.BadRequest)]
    [InlineData("/fhir/Observation", """{"resourceType":"Observ""", HttpStatusCode.BadRequest)]
    [InlineData("/fhir/Observation", "[]", HttpStatusCode.BadRequest)]
    [InlineData("/fhir/Observation", "", HttpStatusCode.BadRequest)]
    [InlineData("/fhir", """{"resourceType":"Observation"}""", HttpStatusCode.UnprocessableEntity)]
    public async Task A_body_that_is_no_such_resource_is_refused(string path, string body, HttpStatusCode expected)
    {
        var answer = await shared.Owner.Send(HttpMethod.Post, path, body);
        Assert.Equal((expected, "OperationOutcome"), (answer.Status, answer.Json["resourceType"]!.GetValue<string>()));
    }

    [Fact]
    public async Task A_PUT_whose_body_names_another_id_is_refused()
    {
        var pulse = A.Pulse(A.NewId("o"), A.NewId("p"), 80, A.Morning);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await shared.Owner.Put("/fhir/Observation/another", pulse)).Status);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await shared.Owner.Put($"/fhir/Condition/{pulse["id"]}", pulse)).Status);
    }

    [Fact]
    public async Task A_body_of_another_media_type_is_answered_415()
    {
        var answer = await shared.Owner.Send(HttpMethod.Post, "/fhir/Observation", "<Observation/>", "application/fhir+xml");
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, answer.Status);
        Assert.Equal(HttpStatusCode.UnsupportedMediaType, (await shared.Sender("general-hospital").Send(HttpMethod.Post, "/fhir/notify/general-hospital", "a=b", "text/plain")).Status);
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_answered_413()
    {
        var answer = await shared.Owner.Send(HttpMethod.Post, "/fhir/Observation", $$"""{"resourceType":"Observation","note":"{{new string('x', 5 << 20)}}"}""");
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, answer.Status);
    }

    private async Task<double?> LastPulse(string patient) =>
        (await shared.Owner.Read($"/api/v1/patients/{patient}/features?set=deterioration&asOf={A.Instant(A.Morning.AddHours(1))}"))["features"]!["heart-rate-last"]?.GetValue<double>();

    /// <summary>The quarantined item that holds exactly this resource.</summary>
    private async Task<JsonObject> Quarantined(JsonObject resource)
    {
        for (long? after = 0; after is not null;)
        {
            var page = await shared.Owner.Read($"/api/v1/quarantine?status=all&after={after}");
            foreach (var item in page["items"]!.AsArray())
            {
                var whole = await shared.Owner.Read($"/api/v1/quarantine/{item!["id"]}");
                if (whole["payload"]!.GetValue<string>().Contains(resource["id"]!.GetValue<string>(), StringComparison.Ordinal)) return whole;
            }
            after = page["next"]?.GetValue<long>();
        }
        throw new InvalidOperationException("Nothing in quarantine holds the resource.");
    }
}
