using System.Globalization;
using System.Text.Json;
using HealthMLOps.Clinical;
using HealthMLOps.Privacy;

namespace HealthMLOps.Intake;

/// <summary>A resource entered in error that says no more than that: no subject, or only parts of it. It is withdrawn all the same.</summary>
/// <remarks>Whose it was, the resource index knows, as for a delete. A retraction that is refused would leave a wrong value in the score.</remarks>
public static class Retraction
{
    private const string EnteredInError = "entered-in-error";

    /// <summary>The withdrawal that a refused or unused resource amounts to, or null.</summary>
    public static (Arrival Arrival, string Type, string Id)? Of(JsonElement resource, string? fallbackId, SourceName source, IdentityKeys keys, DateTimeOffset recorded)
    {
        if (Text(resource, "status") != EnteredInError || Text(resource, "resourceType") is not { } type || !R4Types.Has(type)) return null;
        if ((Text(resource, "id") ?? fallbackId) is not { } id || !FhirReference.IsId(id)) return null;
        var hasMeta = resource.TryGetProperty("meta"u8, out var meta) && meta.ValueKind == JsonValueKind.Object;
        var versionId = hasMeta ? Text(meta, "versionId") : null;
        var updated = hasMeta && DateTimeOffset.TryParse(Text(meta, "lastUpdated"), CultureInfo.InvariantCulture,
            DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : (DateTimeOffset?)null;
        var number = long.TryParse(versionId, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0;
        var fact = new Fact
        {
            Resource = keys.Resource(source, type, id),
            ResourceType = type,
            Source = source,
            Version = new ResourceVersion(updated?.UtcTicks ?? (versionId is null ? recorded.UtcTicks : 0), number, ContentHash.Of(resource)),
            Standing = FactStanding.Retracted,
            Status = EnteredInError,
            Recorded = recorded,
            Available = recorded,
            VersionId = versionId,
        };
        return (new Arrival { Fact = fact, SealedId = [.. keys.Seal(source, type, id)] }, type, id);
    }

    private static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var json) && json.ValueKind == JsonValueKind.String ? json.GetString() : null;
}
