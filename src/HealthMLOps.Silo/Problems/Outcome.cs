using System.Text.Json;

namespace HealthMLOps.Problems;

/// <summary>One issue of an OperationOutcome.</summary>
/// <param name="Severity">fatal, error, warning or information.</param>
/// <param name="Type">FHIR issue type code, such as "invalid" or "not-found".</param>
/// <param name="Code">Our own short code, in <c>details.coding</c>.</param>
/// <param name="Diagnostics">For people; without identifiers or values.</param>
/// <param name="Expression">The element at fault, such as "Observation.valueQuantity.code", or null.</param>
public sealed record OutcomeIssue(string Severity, string Type, string Code, string Diagnostics, string? Expression);

/// <summary>Writes FHIR OperationOutcomes.</summary>
public static class Outcome
{
    private const string CodeSystem = "urn:healthml:outcome";

    public static void Write(Utf8JsonWriter json, IReadOnlyList<OutcomeIssue> issues)
    {
        json.WriteStartObject();
        json.WriteString("resourceType", "OperationOutcome");
        json.WriteStartArray("issue");
        foreach (var issue in issues)
        {
            json.WriteStartObject();
            json.WriteString("severity", issue.Severity);
            json.WriteString("code", issue.Type);
            json.WriteStartObject("details");
            json.WriteStartArray("coding");
            json.WriteStartObject();
            json.WriteString("system", CodeSystem);
            json.WriteString("code", issue.Code);
            json.WriteEndObject();
            json.WriteEndArray();
            json.WriteEndObject();
            json.WriteString("diagnostics", issue.Diagnostics);
            if (issue.Expression is not null)
            {
                json.WriteStartArray("expression");
                json.WriteStringValue(issue.Expression);
                json.WriteEndArray();
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }

    /// <summary>The FHIR issue type that fits an HTTP status.</summary>
    public static string IssueType(int status) => status switch
    {
        400 or 422 => "invalid",
        401 => "login",
        403 => "forbidden",
        404 => "not-found",
        405 or 415 => "not-supported",
        409 => "conflict",
        410 => "deleted",
        413 => "too-long",
        429 or 503 => "throttled",
        >= 500 => "exception",
        _ => "processing",
    };
}
