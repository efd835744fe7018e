using System.Text.Json;
using HealthMLOps.Privacy;

namespace HealthMLOps.Intake;

/// <summary>Whether a body is the resource that its address names.</summary>
public static class ResourceAddress
{
    /// <param name="resource">The body.</param>
    /// <param name="type">The address's type.</param>
    /// <param name="id">The address's id; null where it names none.</param>
    /// <returns>How they differ, or null.</returns>
    public static ReadResource.Refused? Mismatch(JsonElement resource, string type, Phi? id)
    {
        if (!resource.TryGetProperty("resourceType"u8, out var named) || named.ValueKind != JsonValueKind.String)
            return new ReadResource.Refused(RefusalCodes.Required, "resourceType", "Expected a string that names an R4 resource type.");
        if (!R4Types.Has(named.GetString()!) || !R4Types.Has(type))
            return new ReadResource.Refused(RefusalCodes.UnknownResourceType, "resourceType", "FHIR R4 has no such resource type.");
        if (!named.ValueEquals(type)) return new ReadResource.Refused(RefusalCodes.WrongValue, "resourceType", "It is another type than the URL's.");
        if (id is null) return null;
        if (!resource.TryGetProperty("id"u8, out var own) || own.ValueKind != JsonValueKind.String)
            return new ReadResource.Refused(RefusalCodes.Required, $"{type}.id", "A PUT needs the id of its URL in the resource.");
        return own.ValueEquals(id.Reveal()) ? null : new ReadResource.Refused(RefusalCodes.WrongValue, $"{type}.id", "It is another id than the URL's.");
    }
}
