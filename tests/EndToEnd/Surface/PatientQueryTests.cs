using System.Net;
using HealthMLOps.Tests.EndToEnd.Charts;

namespace HealthMLOps.Tests.EndToEnd.Surface;

public sealed class PatientQueryTests(SharedSilo shared)
{
    [Theory]
    [InlineData("/api/v1/patients/{0}/risk")]
    [InlineData("/api/v1/patients/{0}/history")]
    [InlineData("/api/v1/patients/{0}/features?set=deterioration")]
    [InlineData("/fhir/RiskAssessment?subject=Patient/{0}")]
    public async Task A_patient_that_nothing_refers_to_is_not_found(string path)
    {
        var answer = await shared.Owner.Get(path.Replace("{0}", A.NewId("nobody"), StringComparison.Ordinal));
        Assert.Equal(HttpStatusCode.NotFound, answer.Status);
        Assert.Contains("unknown-patient", answer.Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_patient_exists_once_any_resource_refers_to_it()
    {
        var patient = A.NewId("p");
        await shared.Owner.Put(A.Pulse(A.NewId("o"), patient, 70, A.Morning));
        Assert.Equal(HttpStatusCode.OK, (await shared.Owner.Get($"/api/v1/patients/{patient}/history")).Status);
        Assert.Equal(HttpStatusCode.NotFound, (await shared.Owner.Get($"/api/v1/patients/{patient}/history?source=no-such-source")).Status);
    }

    [Fact]
    public async Task Without_a_model_the_answer_is_no_score_and_why()
    {
        var patient = A.NewId("p");
        await shared.Owner.Put(A.Patient(patient));

        var risk = await shared.Owner.Read($"/api/v1/patients/{patient}/risk?model=deterioration");
        var fhir = await shared.Owner.Read($"/fhir/RiskAssessment?subject=Patient/{patient}");

        Assert.Equal("no-model", risk["noScore"]!["reason"]!.GetValue<string>());
        Assert.Equal((0, "OperationOutcome"), (fhir["total"]!.GetValue<int>(), fhir["entry"]![0]!["resource"]!["resourceType"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Features_are_cut_by_when_it_was_true_and_by_when_it_was_known()
    {
        var patient = A.NewId("p");
        await shared.Owner.Put(A.Stay(A.NewId("e"), patient, A.Morning.AddHours(-3)));
        await shared.Owner.Put(A.Pulse(A.NewId("o"), patient, 70, A.Morning.AddHours(-2)));
        var known = DateTimeOffset.UtcNow;
        await shared.Owner.Put(A.Pulse(A.NewId("o"), patient, 90, A.Morning.AddHours(-1)));

        Assert.Equal(90, await LastPulse(patient, A.Morning, null));
        Assert.Equal(70, await LastPulse(patient, A.Morning, known));
        Assert.Equal(70, await LastPulse(patient, A.Morning.AddMinutes(-90), null));
        Assert.Null(await LastPulse(patient, A.Morning.AddHours(-5), null));
        Assert.Null(await LastPulse(patient, A.Morning, A.Morning));
    }

    [Fact]
    public async Task History_comes_in_pages_that_miss_nothing_and_repeat_nothing()
    {
        var patient = A.NewId("p");
        var resources = Enumerable.Range(0, 7).Select(i => A.Pulse(A.NewId("o"), patient, 60 + i, A.Morning.AddHours(i))).ToArray();
        await shared.Owner.Post("/fhir", A.Batch(resources[..4]));
        foreach (var one in resources[4..]) await shared.Owner.Put(one);

        var whole = (await shared.Owner.History(patient)).Select(f => f["resource"]!.GetValue<string>()).ToList();
        foreach (var count in new[] { 1, 2, 3, 7 })
            Assert.Equal(whole, (await shared.Owner.History(patient, count: count)).Select(f => f["resource"]!.GetValue<string>()));
        Assert.Equal(resources.Select(r => $"Observation/{r["id"]}").Order(StringComparer.Ordinal), whole.Order(StringComparer.Ordinal));
        var middle = await shared.Owner.Read($"/api/v1/patients/{patient}/history?from={A.Instant(A.Morning.AddHours(2))}&to={A.Instant(A.Morning.AddHours(4))}");
        Assert.Equal(2, middle["facts"]!.AsArray().Count);
        Assert.Equal(HttpStatusCode.BadRequest, (await shared.Owner.Get($"/api/v1/patients/{patient}/history?count=0")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await shared.Owner.Get($"/api/v1/patients/{patient}/history?after=x")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await shared.Owner.Get($"/api/v1/patients/{patient}/features?set=deterioration&asOf=noon")).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await shared.Owner.Get($"/api/v1/patients/{patient}/features?set=no-such-set")).Status);
    }

    private async Task<double?> LastPulse(string patient, DateTimeOffset asOf, DateTimeOffset? knownAt)
    {
        var known = knownAt is { } k ? "&knownAt=" + A.Instant(k) : "";
        var answer = await shared.Owner.Read($"/api/v1/patients/{patient}/features?set=deterioration&asOf={A.Instant(asOf)}{known}");
        return answer["features"]!["heart-rate-last"]?.GetValue<double>();
    }
}
