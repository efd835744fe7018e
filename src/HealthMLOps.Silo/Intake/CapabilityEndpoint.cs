using Hl7.Fhir.Model;
using HealthMLOps.Access;
using HealthMLOps.Patients;

namespace HealthMLOps.Intake;

/// <summary><c>GET /fhir/metadata</c>: what this FHIR endpoint takes and gives.</summary>
public static class CapabilityEndpoint
{
    /// <summary>Resource types that are read.</summary>
    internal static readonly string[] Taken =
        ["Patient", "Observation", "Condition", "MedicationRequest", "MedicationAdministration", "ServiceRequest", "Encounter", "Procedure", "Coverage"];

    public static void MapCapabilities(this IEndpointRouteBuilder routes)
    {
        var statement = Statement();
        routes.MapGet("/fhir/metadata", () => RiskAssessmentEndpoint.Fhir(statement)).WithTags("fhir").Requires(Permission.Public);
    }

    private static CapabilityStatement Statement()
    {
        var rest = new CapabilityStatement.RestComponent
        {
            Mode = CapabilityStatement.RestfulCapabilityMode.Server,
            Documentation = "Ingest of single resources and of batch, transaction, collection and history bundles; every entry has its own outcome. "
                + "Bundles of type transaction are taken entry by entry: an entry that is refused is kept in quarantine and the others stand.",
            Interaction =
            [
                new CapabilityStatement.SystemInteractionComponent { Code = CapabilityStatement.SystemRestfulInteraction.Batch },
                new CapabilityStatement.SystemInteractionComponent { Code = CapabilityStatement.SystemRestfulInteraction.Transaction },
            ],
        };
        foreach (var type in Taken)
            rest.Resource.Add(new CapabilityStatement.ResourceComponent
            {
                Type = type,
                Interaction =
                [
                    Can(CapabilityStatement.TypeRestfulInteraction.Create),
                    Can(CapabilityStatement.TypeRestfulInteraction.Update),
                    Can(CapabilityStatement.TypeRestfulInteraction.Delete),
                ],
                UpdateCreate = true,
            });
        rest.Resource.Add(new CapabilityStatement.ResourceComponent
        {
            Type = "RiskAssessment",
            Documentation = "prediction.probabilityDecimal is in percent, as R4 defines it. The raw score in [0, 1] stands in the extension "
                + RiskAssessmentBuilder.RawScoreUrl + " on the prediction.",
            Interaction = [Can(CapabilityStatement.TypeRestfulInteraction.SearchType)],
            SearchParam =
            [
                Parameter("subject", SearchParamType.Reference), Parameter("patient", SearchParamType.Reference), Parameter("method", SearchParamType.Token),
            ],
        });
        return new CapabilityStatement
        {
            Status = PublicationStatus.Active,
            DateElement = new FhirDateTime("2026-11-23"),
            Kind = CapabilityStatementKind.Instance,
            Software = new CapabilityStatement.SoftwareComponent { Name = "HealthMLOps.Orleans", Version = typeof(CapabilityEndpoint).Assembly.GetName().Version?.ToString(3) },
            Implementation = new CapabilityStatement.ImplementationComponent { Description = "Runtime for clinical models" },
            FhirVersion = FHIRVersion.N4_0_1,
            Format = ["application/fhir+json"],
            Rest = [rest],
        };
    }

    private static CapabilityStatement.ResourceInteractionComponent Can(CapabilityStatement.TypeRestfulInteraction code) => new() { Code = code };

    private static CapabilityStatement.SearchParamComponent Parameter(string name, SearchParamType type) => new() { Name = name, Type = type };
}
