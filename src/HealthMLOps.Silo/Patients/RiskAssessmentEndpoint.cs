using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using HealthMLOps.Audit;
using HealthMLOps.Hosting;
using HealthMLOps.Models;
using HealthMLOps.Privacy;
using HealthMLOps.Problems;

namespace HealthMLOps.Patients;

/// <summary><c>GET /fhir/RiskAssessment</c>: current risks of a patient as a FHIR searchset.</summary>
public static class RiskAssessmentEndpoint
{
    private static readonly string[] Subjects = ["subject", "patient"];
    private static readonly string[] Parameters = ["subject", "patient", "method", "source", "_count", "_format"];

    public static void MapRiskAssessment(this IEndpointRouteBuilder routes) => routes.MapGet("/fhir/RiskAssessment", Search).WithTags("fhir");

    private static async Task<IResult> Search(
        HttpContext http, SiloSettings settings, IdentityKeys keys, IGrainFactory grains, PlanBoard plans, ResourceNames names, AccessBook book)
    {
        if (http.SourceOf(settings) is not { } source) return PatientEndpoints.UnknownSource();
        var strange = http.Request.Query.Keys.FirstOrDefault(k => !Parameters.Contains(k));
        if (strange is not null)
            return Problem.Of(400, "search-parameter", $"A search parameter is not supported; supported: {string.Join(", ", Parameters)}.");
        var subject = Subjects.Select(s => http.Request.Query[s].ToString()).FirstOrDefault(v => v.Length > 0) ?? "";
        var id = subject.StartsWith("Patient/", StringComparison.Ordinal) ? subject["Patient/".Length..] : subject;
        if (id.Length == 0 || id.Contains('/', StringComparison.Ordinal))
            return Problem.Of(400, "subject", "Query 'subject' is Patient/{id}.");
        var patient = keys.Patient(source, id);
        var method = http.Request.Query["method"].ToString();
        var plan = plans.Current;
        var bundle = new Bundle { Type = Bundle.BundleType.Searchset, Entry = [] };
        bundle.Link.Add(new Bundle.LinkComponent { Relation = "self", Url = $"{http.Request.Scheme}://{http.Request.Host}{http.Request.Path}{http.Request.QueryString}" });
        var known = false;
        foreach (var served in plan.Models)
        {
            if (method.Length > 0 && method != served.Version.Model) continue;
            var risk = await grains.GetGrain<IPatientGrain>(patient.Value).Risk(served.Version.Model);
            known |= risk.Known;
            if (!risk.Known) break;
            if (risk.Prediction is { Score: not null })
                bundle.Entry.Add(await Entry(http, risk, served, id, names));
            else
                bundle.Entry.Add(Why(served, risk));
        }
        if (plan.Models.IsEmpty)
        {
            var risk = await grains.GetGrain<IPatientGrain>(patient.Value).Risk("none");
            known = risk.Known;
            if (known) bundle.Entry.Add(Notice(NoScoreReason.NoModel, plan.WhyNothing));
        }
        bundle.Total = bundle.Entry.Count(e => e.Search?.Mode == Bundle.SearchEntryMode.Match);
        await book.Read(http, "risk-assessment.search", patient, known ? "ok" : "unknown-patient");
        return known ? Fhir(bundle) : PatientEndpoints.UnknownPatient();
    }

    private static async Task<Bundle.EntryComponent> Entry(HttpContext http, PatientRisk risk, ServedModel served, string id, ResourceNames names)
    {
        var keys = risk.Encounter is { } e ? risk.Basis.Append(e) : risk.Basis;
        var ids = await names.Of(keys, http.RequestAborted);
        var encounter = risk.Encounter is { } open && ids.TryGetValue(open, out var encounterId) ? encounterId : null;
        var basis = risk.Basis.Where(ids.ContainsKey).Select(k => ids[k]).ToList();
        var assessment = RiskAssessmentBuilder.Of(risk, served, id, encounter, basis);
        return new Bundle.EntryComponent
        {
            FullUrl = $"{http.Request.Scheme}://{http.Request.Host}/fhir/RiskAssessment/{assessment.Id}",
            Resource = assessment,
            Search = new Bundle.SearchComponent { Mode = Bundle.SearchEntryMode.Match },
        };
    }

    private static Bundle.EntryComponent Why(ServedModel served, PatientRisk risk) =>
        Notice(risk.Prediction?.NoScore ?? risk.NoScore ?? NoScoreReason.NoModel, $"{served.Version}: {risk.Prediction?.NoScoreDetail ?? risk.Detail}");

    private static Bundle.EntryComponent Notice(NoScoreReason reason, string detail) => new()
    {
        FullUrl = $"urn:uuid:{Guid.NewGuid()}",
        Resource = new OperationOutcome
        {
            Issue =
            [
                new OperationOutcome.IssueComponent
                {
                    Severity = OperationOutcome.IssueSeverity.Information,
                    Code = OperationOutcome.IssueType.Informational,
                    Details = new CodeableConcept("urn:healthml:no-score", Kebab.Of(reason.ToString())),
                    Diagnostics = detail,
                },
            ],
        },
        Search = new Bundle.SearchComponent { Mode = Bundle.SearchEntryMode.Outcome },
    };

    internal static IResult Fhir(Resource resource) =>
        Results.Text(FhirJsonSerializer.Default.SerializeToString(resource), "application/fhir+json; charset=utf-8");
}
