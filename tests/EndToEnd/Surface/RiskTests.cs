using System.Text.Json.Nodes;
using HealthMLOps.Storage;
using HealthMLOps.Tests.EndToEnd.Charts;
using HealthMLOps.Tests.EndToEnd.Processes;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using Task = System.Threading.Tasks.Task;

namespace HealthMLOps.Tests.EndToEnd.Surface;

/// <summary>From history files to a score on the ward, with the programs that operators use.</summary>
public sealed class RiskTests(Sites sites)
{
    private const string RawScore = "urn:healthml:fhir:StructureDefinition:raw-score";

    [Fact]
    public async Task A_model_that_was_trained_here_scores_a_live_patient_and_the_RiskAssessment_is_valid()
    {
        using var site = await sites.Fresh(StorageProvider.Sqlite);
        await using var silo = await site.Start();
        var owner = new Caller(silo, site.Owner);
        var history = Path.Combine(site.Folder, "history");
        await SimulatorProcess.History(history, patients: 80, days: 60, seed: 3);
        await HealthmlProcess.Run(silo, "import", history);
        var run = await HealthmlProcess.Run(silo, "train", "--set", "deterioration", "--cohort", "ward-every-6h", "--label", "deterioration-24h",
            "--algorithm", "logistic-regression", "--folds", "3", "--register");
        Assert.Equal("deterioration@1", run["registered"]!.GetValue<string>());

        var patient = await Admitted(owner);
        var risk = await owner.Read($"/api/v1/patients/{patient}/risk?model=deterioration");
        var score = risk["score"]!.GetValue<double>();
        Assert.InRange(score, 0, 1);
        Assert.True(risk["validUntil"]!.GetValue<DateTimeOffset>() > risk["asOf"]!.GetValue<DateTimeOffset>());
        Assert.Equal("unvalidated", risk["label"]!.GetValue<string>());
        Assert.NotEmpty(risk["inputs"]!.AsArray());
        Assert.NotEmpty(risk["intendedUse"]!["statement"]!.GetValue<string>());

        var answer = await owner.Get($"/fhir/RiskAssessment?subject=Patient/{patient}");
        Assert.Equal("application/fhir+json", answer.MediaType);
        var bundle = Assert.IsType<Bundle>(FhirJsonDeserializer.STRICT.DeserializeResource(answer.Text));
        var assessment = Assert.IsType<RiskAssessment>(Assert.Single(bundle.Entry, e => e.Search?.Mode == Bundle.SearchEntryMode.Match).Resource);
        var predicted = Assert.Single(assessment.Prediction);
        var percent = Assert.IsType<FhirDecimal>(predicted.Probability).Value!.Value;
        Assert.InRange(percent, 0, 100);
        Assert.Equal((decimal)score * 100, percent, precision: 5);
        Assert.Equal((decimal)score, Assert.IsType<FhirDecimal>(predicted.GetExtension(RawScore)!.Value).Value!.Value, precision: 12);
        Assert.Equal($"Patient/{patient}", assessment.Subject.Reference);
        Assert.NotEmpty(assessment.Basis);
    }

    /// <summary>A patient on a ward since yesterday with a whole round of vital signs just now.</summary>
    private static async Task<string> Admitted(Caller owner)
    {
        var (patient, now) = (A.NewId("p"), DateTimeOffset.UtcNow);
        var stay = A.Stay(A.NewId("e"), patient, now.AddDays(-1));
        (string Loinc, decimal Value, string Unit)[] round =
        [
            (A.HeartRate, 96, "/min"), ("9279-1", 20, "/min"), ("8480-6", 104, "mm[Hg]"), ("8462-4", 61, "mm[Hg]"), ("59408-5", 94, "%"), ("8310-5", 38.1m, "Cel"),
        ];
        JsonObject[] vitals = [.. from hour in new[] { 20, 12, 4, 1 } from v in round
            select A.Observation(A.NewId("o"), patient, v.Loinc, v.Value, v.Unit, now.AddHours(-hour))];
        Assert.Equal(System.Net.HttpStatusCode.OK, (await owner.Post("/fhir", A.Batch([A.Patient(patient), stay, .. vitals]))).Status);
        return patient;
    }
}
