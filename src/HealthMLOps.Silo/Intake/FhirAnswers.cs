using System.Buffers;
using System.Globalization;
using System.Text.Json;
using HealthMLOps.Clinical;
using HealthMLOps.Problems;

namespace HealthMLOps.Intake;

/// <summary>Answers of the FHIR endpoints: status, location and OperationOutcome for each entry.</summary>
public static class FhirAnswers
{
    public const string ContentType = "application/fhir+json; charset=utf-8";

    /// <summary>The answer to one PUT or POST: 201 for a new resource, 200 for a newer, repeated or older version.</summary>
    public static IResult Single(HttpContext http, EntryResult result, bool isUpdate)
    {
        if (result is EntryResult.Refused(var why)) return Refused(why);
        if (result is EntryResult.Stored { VersionId: { } version }) http.Response.Headers.ETag = $"W/\"{version}\"";
        if (result is EntryResult.Stored stored && !isUpdate) http.Response.Headers.Location = $"/fhir/{stored.Type}/{Uri.EscapeDataString(stored.Id.Reveal())}";
        return Json(Status(result), json => Outcome.Write(json, [Issue(result)]));
    }

    /// <summary>A refusal; the payload is in quarantine.</summary>
    public static IResult Refused(ReadResource.Refused why) =>
        Json(RefusalStatus(why.Code), json => Outcome.Write(json, [Issue(new EntryResult.Refused(why))]));

    /// <summary>A batch-response or transaction-response with one entry for each entry sent.</summary>
    public static IResult Bundle(string type, IReadOnlyList<EntryResult> results) => Json(200, json =>
    {
        json.WriteStartObject();
        json.WriteString("resourceType", "Bundle");
        json.WriteString("type", type == "transaction" ? "transaction-response" : "batch-response");
        if (results.Count > 0)
        {
            json.WriteStartArray("entry");
            foreach (var result in results) Entry(json, result);
            json.WriteEndArray();
        }
        json.WriteEndObject();
    });

    /// <summary>An acknowledgement with one OperationOutcome; entries that were refused are named as warnings.</summary>
    public static IResult Acknowledged(IReadOnlyList<EntryResult> results, string said)
    {
        var issues = results.OfType<EntryResult.Refused>().Select(Issue).Select(i => i with { Severity = "warning" }).ToList();
        issues.Insert(0, new OutcomeIssue("information", "informational", "accepted", said, null));
        return Json(200, json => Outcome.Write(json, issues));
    }

    private static void Entry(Utf8JsonWriter json, EntryResult result)
    {
        json.WriteStartObject();
        json.WriteStartObject("response");
        var status = Status(result);
        json.WriteString("status", string.Create(CultureInfo.InvariantCulture, $"{status} {Reason(status)}"));
        if (result is EntryResult.Stored { IsDelete: false } stored)
        {
            json.WriteString("location", stored.VersionId is null ? $"{stored.Type}/{stored.Id.Reveal()}" : $"{stored.Type}/{stored.Id.Reveal()}/_history/{stored.VersionId}");
            if (stored.VersionId is not null) json.WriteString("etag", $"W/\"{stored.VersionId}\"");
        }
        json.WritePropertyName("outcome");
        Outcome.Write(json, [Issue(result)]);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static int Status(EntryResult result) => result switch
    {
        EntryResult.Stored { IsDelete: true } => 204,
        EntryResult.Stored { Admission: Admission.Created } => 201,
        EntryResult.Stored or EntryResult.Unused => 200,
        EntryResult.Refused(var why) => RefusalStatus(why.Code),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static int RefusalStatus(string code) => code switch
    {
        RefusalCodes.Malformed => 400,
        RefusalCodes.TooLarge => 413,
        RefusalCodes.Scope => 403,
        _ => 422,
    };

    private static OutcomeIssue Issue(EntryResult result) => result switch
    {
        EntryResult.Stored stored => new OutcomeIssue("information", "informational", Word(stored.Admission), Said(stored.Admission), null),
        EntryResult.Unused => new OutcomeIssue("information", "informational", "unused", "Accepted; no model uses this type, so it is not kept.", null),
        EntryResult.Refused(var why) => new OutcomeIssue("error", Type(why.Code), why.Code, why.Reason, why.Element.Length == 0 ? null : why.Element),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string Word(Admission admission) => Patients.Kebab.Of(admission.ToString());

    private static string Said(Admission admission) => admission switch
    {
        Admission.Created => "Stored.",
        Admission.Updated => "Stored as the newest version.",
        Admission.Repeated => "Known already; nothing changed.",
        Admission.Older => "Stored in the history; a newer version stands.",
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private static string Type(string code) => code switch
    {
        RefusalCodes.Malformed => "structure",
        RefusalCodes.TooLarge => "too-long",
        RefusalCodes.Scope => "forbidden",
        RefusalCodes.Required => "required",
        RefusalCodes.Reference => "not-found",
        RefusalCodes.UnknownResourceType => "not-supported",
        RefusalCodes.ModifierExtension => "extension",
        RefusalCodes.Subsetted => "incomplete",
        _ => "value",
    };

    private static string Reason(int status) => status switch
    {
        200 => "OK", 201 => "Created", 204 => "No Content", 400 => "Bad Request", 403 => "Forbidden", 413 => "Content Too Large", 422 => "Unprocessable Content",
        _ => "Error",
    };

    private static FhirJson Json(int status, Action<Utf8JsonWriter> write) => new(status, write);

    private sealed class FhirJson(int status, Action<Utf8JsonWriter> write) : IResult
    {
        public async Task ExecuteAsync(HttpContext httpContext)
        {
            httpContext.Response.StatusCode = status;
            httpContext.Response.ContentType = ContentType;
            var buffer = new ArrayBufferWriter<byte>();
            await using (var json = new Utf8JsonWriter(buffer)) write(json);
            httpContext.Response.ContentLength = buffer.WrittenCount;
            await httpContext.Response.Body.WriteAsync(buffer.WrittenMemory, httpContext.RequestAborted);
        }
    }
}
