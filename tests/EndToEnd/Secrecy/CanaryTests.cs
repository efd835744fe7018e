using System.Text;
using System.Text.Json.Nodes;
using HealthMLOps.Storage;
using HealthMLOps.Tests.EndToEnd.Charts;
using HealthMLOps.Tests.EndToEnd.Processes;

namespace HealthMLOps.Tests.EndToEnd.Secrecy;

/// <summary>A session full of marked identifiers and text; then every place is searched where none may be.</summary>
public sealed class CanaryTests(Sites sites)
{
    private const string Mark = "kanarienvogel";
    private const string Patient = "pat-" + Mark;
    private const string Pulse = "obs-" + Mark;

    [Fact]
    public async Task No_identifier_or_text_leaves_through_logs_metrics_errors_file_names_or_the_raw_database()
    {
        using var site = await sites.Fresh(StorageProvider.Sqlite);
        await using var silo = await site.Start();
        var owner = new Caller(silo, site.Owner);

        var errors = await Session(owner, new Caller(silo, null));
        var metrics = (await owner.Get("/metrics")).Text;
        var authorised = await owner.Read($"/api/v1/patients/{Patient}/history");
        Assert.Equal(0, await silo.Stop());

        Assert.Contains(Mark, authorised.ToJsonString(), StringComparison.Ordinal);
        Assert.True(errors.Count > 10);
        foreach (var error in errors) Assert.DoesNotContain(Mark, error, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(Mark, metrics, StringComparison.OrdinalIgnoreCase);
        Assert.NotEmpty(silo.Log);
        Assert.DoesNotContain(Mark, silo.Log, StringComparison.OrdinalIgnoreCase);
        var files = Directory.EnumerateFiles(site.Data, "*", SearchOption.AllDirectories).ToList();
        Assert.Contains(files, file => file.EndsWith("healthml.db", StringComparison.Ordinal));
        foreach (var file in files)
        {
            Assert.DoesNotContain(Mark, file, StringComparison.OrdinalIgnoreCase);
            Assert.True((await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)).AsSpan().IndexOf(Encoding.UTF8.GetBytes(Mark)) < 0, $"{Path.GetFileName(file)} holds a plain identifier or text.");
        }
    }

    /// <summary>Does all sorts of things, right and wrong; returns every answer that is an error or an acknowledgement of one.</summary>
    private static async Task<List<string>> Session(Caller owner, Caller stranger)
    {
        var bad = A.Pulse(Pulse + "-bad", Patient, 70, A.Morning);
        bad["effectiveDateTime"] = Mark;
        var named = A.Patient(Patient);
        named["name"] = new JsonArray(new JsonObject { ["family"] = Mark, ["given"] = new JsonArray(Mark) });
        named["text"] = new JsonObject { ["status"] = "generated", ["div"] = $"<div xmlns=\"http://www.w3.org/1999/xhtml\">{Mark}</div>" };
        named["identifier"] = new JsonArray(new JsonObject { ["system"] = "urn:mrn", ["value"] = Mark });
        var noted = A.Pulse(Pulse, Patient, 70, A.Morning);
        noted["note"] = new JsonArray(new JsonObject { ["text"] = Mark });
        await owner.Put(named);
        await owner.Put(noted);
        await owner.Put(A.Stay("enc-" + Mark, Patient, A.Morning));
        await owner.Put($"/fhir/notify/{Site.FirstSource}/Observation/{Pulse}", A.Pulse(Pulse, Patient, 71, A.Morning, version: 2));
        await owner.Post($"/fhir/notify/{Site.FirstSource}/Observation/{Pulse}-ping");
        await owner.Delete($"/fhir/Condition/con-{Mark}");
        var wrongValue = A.Pulse(Pulse + "-text", Patient, 70, A.Morning);
        wrongValue["valueQuantity"] = Mark;
        var wrongUnit = A.Observation(Pulse + "-unit", Patient, A.HeartRate, 70, Mark, A.Morning);
        var wrongStatus = A.Pulse(Pulse + "-status", Patient, 70, A.Morning, status: Mark);
        var elsewhere = A.Pulse(Pulse + "-ref", Patient, 70, A.Morning);
        elsewhere["subject"] = new JsonObject { ["reference"] = $"Group/{Mark}" };
        Answer[] answers =
        [
            await owner.Put(bad), await owner.Put(wrongValue), await owner.Put(wrongUnit), await owner.Put(wrongStatus), await owner.Put(elsewhere),
            await owner.Post("/fhir", A.Batch(bad)), await owner.Put($"/fhir/Observation/{Mark}", noted),
            await owner.Send(HttpMethod.Post, "/fhir/Observation", $$"""{"resourceType":"{{Mark}}","id":"{{Mark}}"}"""),
            await owner.Send(HttpMethod.Post, "/fhir/Observation", $$"""{"{{Mark}}":"{{Mark}}","""),
            await owner.Send(HttpMethod.Post, "/fhir/Observation", Mark, "text/plain"),
            await owner.Send(HttpMethod.Put, $"/fhir/{Mark}/{Mark}", "{}"),
            await owner.Get($"/api/v1/patients/{Mark}/risk"), await owner.Get($"/api/v1/patients/{Mark}/features?set={Mark}"),
            await owner.Get($"/api/v1/patients/{Mark}/history?after={Mark}"), await owner.Get($"/api/v1/patients/{Patient}/risk?source={Mark}"),
            await owner.Get($"/fhir/RiskAssessment?subject={Mark}/{Mark}"), await owner.Get($"/fhir/RiskAssessment?{Mark}={Mark}"),
            await owner.Get($"/api/v1/quarantine?status={Mark}"), await stranger.Get($"/api/v1/patients/{Patient}/history"), await owner.Get("/" + Mark),
            await owner.Get("/api/v1/quarantine"),
        ];
        return [.. answers.Where(a => a.Text.Length > 0).Select(a => a.Text)];
    }
}
