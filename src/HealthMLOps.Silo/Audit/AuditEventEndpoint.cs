using System.Globalization;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using HealthMLOps.Access;
using HealthMLOps.Hosting;
using HealthMLOps.Privacy;
using HealthMLOps.Problems;

namespace HealthMLOps.Audit;

/// <summary><c>GET /fhir/AuditEvent</c>: the record as FHIR, newest first, page by page.</summary>
public static class AuditEventEndpoint
{
    private static readonly string[] Parameters = ["date", "agent", "patient", "subtype", "entity-name", "source", "_count", "_after", "_format"];

    public static void MapAuditEvents(this IEndpointRouteBuilder routes) => routes.MapGet("/fhir/AuditEvent", Search).WithTags("fhir").Requires(Permission.ReadAudit);

    private static async Task<IResult> Search(HttpContext http, SiloSettings settings, IdentityKeys keys, AuditStore store, AuditSigner signer, AuditBook record)
    {
        var query = http.Request.Query;
        string? Value(string name) => query[name].ToString() is { Length: > 0 } value ? value : null;
        if (query.Keys.Any(k => !Parameters.Contains(k))) return Problem.Of(400, "search-parameter", $"A search parameter is not supported; supported: {string.Join(", ", Parameters)}.");
        var count = AuditEndpoints.CountDefault;
        if (Value("_count") is { } asked && (!int.TryParse(asked, NumberStyles.None, CultureInfo.InvariantCulture, out count) || count is < 1 or > AuditEndpoints.CountMax))
            return Problem.Of(400, "_count", $"Query '_count' is 1 to {AuditEndpoints.CountMax}.");
        if (!Dates(query["date"], out var from, out var to)) return Problem.Of(400, "date", "Query 'date' is ge or lt and an instant, such as ge2026-11-20T00:00:00Z.");
        var named = Value("patient") is { } subject && subject.StartsWith("Patient/", StringComparison.Ordinal) ? subject["Patient/".Length..] : Value("patient");
        if (AuditQuery.Patient(named, http, settings, keys) is not (true, var patient)) return Problem.Of(404, "unknown-source", "Query 'source' names no configured source.");
        if (!AuditQuery.Cursor(Value("_after"), out var after)) return Problem.Of(400, "_after", "Query '_after' comes from the 'next' link of an earlier answer.");
        await record.Record(record.By(http, "record.search") with { Patient = patient });
        var found = await store.Find(new AuditQuestion
        {
            From = from, To = to, Person = Value("agent"), Action = Value("subtype"), Object = Value("entity-name"), Patient = patient, After = after,
        }, count, http.RequestAborted);
        return Results.Text(FhirJsonSerializer.Default.SerializeToString(Page(http, found, count, await signer.Origin(http.RequestAborted))), "application/fhir+json; charset=utf-8");
    }

    private static Bundle Page(HttpContext http, IReadOnlyList<RecordedEntry> found, int count, string origin)
    {
        var address = $"{http.Request.Scheme}://{http.Request.Host}{http.Request.Path}";
        var bundle = new Bundle { Type = Bundle.BundleType.Searchset, Entry = [] };
        bundle.Link.Add(new Bundle.LinkComponent { Relation = "self", Url = address + http.Request.QueryString });
        if (found.Count == count)
        {
            var further = http.Request.Query.Where(q => q.Key != "_after").SelectMany(q => q.Value.Select(v => $"{q.Key}={Uri.EscapeDataString(v ?? "")}"));
            bundle.Link.Add(new Bundle.LinkComponent { Relation = "next", Url = $"{address}?{string.Join('&', further.Append("_after=" + AuditQuery.Cursor(found[^1])))}" });
        }
        foreach (var recorded in found)
        {
            var resource = AuditEventBuilder.Of(recorded, origin);
            bundle.Entry.Add(new Bundle.EntryComponent
            {
                FullUrl = $"{address}/{resource.Id}", Resource = resource, Search = new Bundle.SearchComponent { Mode = Bundle.SearchEntryMode.Match },
            });
        }
        return bundle;
    }

    private static bool Dates(Microsoft.Extensions.Primitives.StringValues dates, out DateTimeOffset? from, out DateTimeOffset? to)
    {
        (from, to) = (null, null);
        foreach (var date in dates.OfType<string>())
        {
            if (date.Length < 3 || !DateTimeOffset.TryParse(date.AsSpan(2), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at)) return false;
            if (date.StartsWith("ge", StringComparison.Ordinal)) from = at.ToUniversalTime();
            else if (date.StartsWith("lt", StringComparison.Ordinal)) to = at.ToUniversalTime();
            else return false;
        }
        return true;
    }
}
