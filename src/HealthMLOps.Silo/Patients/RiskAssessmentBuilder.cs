using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Hl7.Fhir.Model;
using HealthMLOps.Models;
using HealthMLOps.Privacy;

namespace HealthMLOps.Patients;

/// <summary>Writes a prediction as a FHIR R4 RiskAssessment.</summary>
/// <remarks>
/// R4 counts <c>probabilityDecimal</c> in percent (invariant ras-2 refuses more than 100). The raw score in [0, 1] stands
/// in the extension <see cref="RawScoreUrl"/>.
/// </remarks>
public static class RiskAssessmentBuilder
{
    public const string RawScoreUrl = "urn:healthml:fhir:StructureDefinition:raw-score";
    public const string LabelUrl = "urn:healthml:fhir:StructureDefinition:label";
    public const string RingUrl = "urn:healthml:fhir:StructureDefinition:ring";
    public const string FeedbackUrl = "urn:healthml:fhir:StructureDefinition:feedback";
    public const string ValidUntilUrl = "urn:healthml:fhir:StructureDefinition:valid-until";
    private const string ModelSystem = "urn:healthml:models";
    private const string RiskProbability = "http://terminology.hl7.org/CodeSystem/risk-probability";
    private const string Snomed = "http://snomed.info/sct";
    private static readonly string[] RiskCodes = ["negligible", "low", "moderate", "high", "certain"];

    public static RiskAssessment Of(PatientRisk risk, ServedModel served, Phi patientId, EhrId? encounter, IReadOnlyList<EhrId> basis)
    {
        var prediction = risk.Prediction!;
        var contract = served.Contract;
        var id = PredictionId(patientId, risk.Turn, prediction);
        var band = RiskBands.Of(contract, prediction.Score!.Value);
        var assessment = new RiskAssessment
        {
            Id = id.ToString("N"),
            Meta = new Meta { VersionId = "1", LastUpdated = prediction.AsOf },
            Identifier = [new Identifier("urn:ietf:rfc:3986", $"urn:uuid:{id}")],
            Status = ObservationStatus.Final,
            Method = new CodeableConcept { Coding = [new Coding(ModelSystem, prediction.Model.Model) { Version = prediction.Model.Number.ToString(CultureInfo.InvariantCulture) }] },
            Code = new CodeableConcept(Snomed, "709510001", "Assessment of risk for disease", null),
            Subject = new ResourceReference($"Patient/{patientId.Reveal()}"),
            Encounter = encounter is null ? null : new ResourceReference($"Encounter/{encounter.Id.Reveal()}"),
            Occurrence = new FhirDateTime(prediction.AsOf),
            Performer = new ResourceReference("Device/healthml") { Display = "HealthMLOps.Orleans" },
            Basis = [.. basis.Select(b => new ResourceReference($"{b.Type}/{b.Id.Reveal()}"))],
            Prediction = [Predicted(prediction, contract, band)],
        };
        assessment.AddExtension(LabelUrl, new Code(served.Label));
        if (served.Placement is not null)
        {
            assessment.AddExtension(RingUrl, new Code(served.Ring));
            assessment.AddExtension(FeedbackUrl, new FhirUri(RiskAnswers.FeedbackPath));
        }
        assessment.AddExtension(ValidUntilUrl, new FhirDateTime(prediction.AsOf + contract.ValidFor));
        return assessment;
    }

    private static RiskAssessment.PredictionComponent Predicted(Prediction prediction, ModelContract contract, RiskBand band)
    {
        var use = contract.IntendedUse;
        var outcome = new CodeableConcept { Text = use.Outcome };
        if (use.OutcomeSnomed is not null) outcome.Coding.Add(new Coding(Snomed, use.OutcomeSnomed));
        var predicted = new RiskAssessment.PredictionComponent
        {
            Outcome = outcome,
            Probability = new FhirDecimal((decimal)Math.Round(prediction.Score!.Value * 100, 6)),
            QualitativeRisk = RiskCodes.Contains(band.Name)
                ? new CodeableConcept(RiskProbability, band.Name)
                : new CodeableConcept { Text = band.Name },
            When = new Period { StartElement = new FhirDateTime(prediction.AsOf), EndElement = new FhirDateTime(prediction.AsOf + use.Horizon) },
            Rationale = use.Statement,
        };
        predicted.AddExtension(RawScoreUrl, new FhirDecimal((decimal)prediction.Score.Value));
        return predicted;
    }

    /// <summary>The same prediction always has the same id.</summary>
    private static Guid PredictionId(Phi patientId, long turn, Prediction prediction) =>
        new(SHA256.HashData(Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture,
            $"{patientId.Reveal()}|{turn}|{prediction.Model}|{prediction.AsOf.UtcTicks}"))).AsSpan(0, 16), bigEndian: true);
}
