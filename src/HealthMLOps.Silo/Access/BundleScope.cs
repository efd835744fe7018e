using System.Text.Json;
using HealthMLOps.Audit;
using HealthMLOps.Intake;

namespace HealthMLOps.Access;

/// <summary>Judges each entry of a bundle by the scopes of the token that it came with. What is out of scope is refused alone, and kept nowhere.</summary>
public sealed class BundleScope(AuditBook record)
{
    /// <summary>Types that a refusal names on the record; more are counted only.</summary>
    private const int TypesNamedMax = 5;

    /// <summary>Why each entry may not be written; null where it may. What is refused is on the record when it returns.</summary>
    public async Task<IReadOnlyList<ReadResource.Refused?>> Judge(HttpContext http, IReadOnlyList<IngestEntry> entries)
    {
        if (http.Caller().Scopes is not { } words) return new ReadResource.Refused?[entries.Count];
        var scopes = ScopeSet.Of(words);
        var refused = new Dictionary<int, string>();
        for (var i = 0; i < entries.Count; i++)
            if (TypesOf(entries[i]).FirstOrDefault(type => !scopes.Covers([Need(entries[i], type)])) is { } beyond) refused[i] = beyond;
        if (refused.Count > 0)
        {
            var types = refused.Values.Select(Named).Distinct().Order(StringComparer.Ordinal).Take(TypesNamedMax);
            await record.Record(record.By(http, "access.denied") with
            {
                Object = $"POST /fhir {refused.Count} of {entries.Count} entries: {string.Join(' ', types)}", Outcome = "scope:ingest",
            });
        }
        return [.. entries.Select((entry, i) => refused.TryGetValue(i, out var type) ? new ReadResource.Refused(RefusalCodes.Scope, $"Bundle.entry[{i}]",
            $"The token's scopes do not cover {Need(entry, Named(type)).ToScope("system")}; the entry was not kept.") : null)];
    }

    private static ScopeNeed Need(IngestEntry entry, string type) =>
        entry is { Resource: null, Problem: null } ? ScopeOf.Deleting(type) : ScopeOf.Putting(type);

    /// <summary>What the resource says that it is, and what the entry's address says: both count. An entry that says neither goes on to be refused for that.</summary>
    private static IEnumerable<string> TypesOf(IngestEntry entry)
    {
        if (entry.Problem is not null)
        {
            using var document = JsonDocument.Parse(entry.Raw);
            return Said(document.RootElement) is { } type ? [type] : [];
        }
        return new[] { entry.Resource is { } resource ? TypeOf(resource) : null, entry.Type }.OfType<string>();
    }

    /// <summary>The type in an entry that could not be taken apart: its resource's, else that of the address it asks for.</summary>
    private static string? Said(JsonElement entry)
    {
        if (entry.ValueKind != JsonValueKind.Object) return null;
        if (entry.TryGetProperty("resource"u8, out var resource) && TypeOf(resource) is { } type) return type;
        return entry.TryGetProperty("request"u8, out var request) && request.ValueKind == JsonValueKind.Object
            && request.TryGetProperty("url"u8, out var url) && url.ValueKind == JsonValueKind.String ? url.GetString()!.Split('/', '?')[0] : null;
    }

    private static string? TypeOf(JsonElement resource) =>
        resource.ValueKind == JsonValueKind.Object && resource.TryGetProperty("resourceType"u8, out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null;

    /// <summary>What was sent is named only where it is FHIR's own word.</summary>
    private static string Named(string type) => R4Types.Has(type) ? type : "Unknown";
}
