namespace HealthMLOps.Intake;

/// <summary>The media types that are taken, without their parameters.</summary>
public static class MediaTypes
{
    public const string Fhir = "application/fhir+json";
    public const string Json = "application/json";
    public const string OldFhir = "application/json+fhir";
    public const string Ndjson = "application/fhir+ndjson";

    public static string Of(HttpContext http)
    {
        var type = http.Request.ContentType ?? "";
        var end = type.IndexOf(';', StringComparison.Ordinal);
        return (end < 0 ? type : type[..end]).Trim().ToLowerInvariant();
    }

    public static bool IsFhirJson(HttpContext http) => Of(http) is Fhir or Json or OldFhir;
}
