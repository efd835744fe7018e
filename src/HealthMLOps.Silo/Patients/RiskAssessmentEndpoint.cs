using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using HealthMLOps.Access;
using HealthMLOps.Audit;
using HealthMLOps.Hosting;
using HealthMLOps.Models;
using HealthMLOps.Privacy;
using HealthMLOps.Problems;

namespace HealthMLOps.Patients;

/// <summary><c>GET /fhir/RiskAssessment</c>: current risks of a patient as a FHIR searchset.</summary>
public static class RiskAssessmentEndpoint
{
    private const string Channel = "fhir";
    private const string FhirJson = "application/fhir+json; charset=utf-8";
    private static readonly string[] Subjects = ["subject", "patient"];
    private static readonly string[] Parameters = ["subject", "patient", "method", "source", "_count", "_format"];

    public static void MapRiskAssessment(this IEndpointRouteBuilder routes) => routes.MapGet("/fhir/RiskAssessment", Search).WithTags("fhir").Requires(Permission.ReadRisk)
        .InScope(ScopeOf.Risk).About(http => SubjectOf(http) is { Length: > 0 } id ? id : null);

    private static async Task<IResult> Search(
        HttpContext http, SiloSettings settings, IdentityKeys keys, IGrainFactory grains, PlanBoard plans, ScoreGuard guard, ResourceNames names, AccessBook book)
    {
        if (http.SourceOf(settings) is not { } source) return PatientEndpoints.UnknownSource();
        var strange = http.Request.Query.Keys.FirstOrDefault(k => !Parameters.Contains(k));
        if (strange is not null)
            return Problem.Of(400, "search-parameter", $"A search parameter is not supported; supported: {string.Join(", ", Parameters)}.");
        var id = SubjectOf(http);
        if (id.Length == 0 || id.Contains('/', StringComparison.Ordinal))
            return Problem.Of(400, "subject", "Query 'subject' is Patient/{id}.");
        await guard.Ensure(http.RequestAborted);
        var patient = keys.Patient(source, id);
        var method = http.Request.Query["method"].ToString();
        var plan = plans.Current;
        var found = new List<(PatientRisk Risk, Bundle.EntryComponent Entry)>();
        var known = false;
        foreach (var model in plan.Names.Where(n => method.Length == 0 || n == method).DefaultIfEmpty(method.Length == 0 ? "none" : method))
        {
            var risk = await grains.GetGrain<IPatientGrain>(patient.Value).Risk(model);
            known = risk.Known;
            if (!known) break;
            var served = risk.Version is { } version ? plan.Find(version) ?? plans.Current.Find(version) : null;
            found.Add((risk, risk.Prediction is { Score: not null } && served is not null ? await Entry(http, risk, served, id, names) : Why(model, risk)));
        }
        await book.Read(http, "risk-assessment.search", patient, known ? "ok" : "unknown-patient");
        if (!known) return PatientEndpoints.UnknownPatient();
        var shown = Bytes(http, found.Select(f => f.Entry));
        return new LiveAnswer(shown, FhirJson, () => found.Any(f => guard.Why(f.Risk, source.Value, Channel) is not null)
            ? Bytes(http, found.Select(f => guard.Why(f.Risk, source.Value, Channel) is { } why ? Notice(why.Reason, $"{f.Risk.Version}: {why.Detail}") : f.Entry))
            : null);
    }

    private static byte[] Bytes(HttpContext http, IEnumerable<Bundle.EntryComponent> entries)
    {
        var bundle = new Bundle { Type = Bundle.BundleType.Searchset, Entry = [.. entries] };
        bundle.Link.Add(new Bundle.LinkComponent { Relation = "self", Url = $"{http.Request.Scheme}://{http.Request.Host}{http.Request.Path}{http.Request.QueryString}" });
        bundle.Total = bundle.Entry.Count(e => e.Search?.Mode == Bundle.SearchEntryMode.Match);
        return System.Text.Encoding.UTF8.GetBytes(FhirJsonSerializer.Default.SerializeToString(bundle));
    }

    internal static IResult Fhir(Resource resource) => Results.Text(FhirJsonSerializer.Default.SerializeToString(resource), FhirJson);

    private static string SubjectOf(HttpContext http)
    {
        var subject = Subjects.Select(s => http.Request.Query[s].ToString()).FirstOrDefault(v => v.Length > 0) ?? "";
        return subject.StartsWith("Patient/", StringComparison.Ordinal) ? subject["Patient/".Length..] : subject;
    }

    private static async Task<Bundle.EntryComponent> Entry(HttpContext http, PatientRisk risk, ServedModel served, Phi id, ResourceNames names)
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

    private static Bundle.EntryComponent Why(string model, PatientRisk risk) =>
        Notice(risk.Prediction?.NoScore ?? risk.NoScore ?? NoScoreReason.NoModel, risk.Version is { } version
            ? $"{version}: {risk.Prediction?.NoScoreDetail ?? risk.Detail}"
            : $"{(model == "none" ? "" : model + ": ")}{risk.Detail}");

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
}
