using System.Globalization;
using System.Text;
using System.Text.Json;
using HealthMLOps.Privacy;

namespace HealthMLOps.Intake;

/// <summary>Turns what the readers took apart into entries to ingest.</summary>
public static class EntriesOf
{
    public static bool IsBundle(JsonElement resource) =>
        resource.TryGetProperty("resourceType"u8, out var type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("Bundle"u8);

    /// <summary>A bundle's entries; a bundle that can't be read at all is one refused entry.</summary>
    /// <returns>The entries, and the bundle's type where it could be read.</returns>
    public static (IReadOnlyList<IngestEntry> Entries, string? Type) Bundle(JsonElement bundle)
    {
        var (read, refused) = BundleReader.Read(bundle);
        return read is null
            ? ([new IngestEntry { Problem = refused, Form = QuarantinedForm.Document, Raw = Encoding.UTF8.GetBytes(bundle.GetRawText()) }], null)
            : ([.. read.Entries.Select(e => Entry(e, read.Scope, LastModified(e.Json)))], read.Type);
    }

    /// <param name="entry">The bundle's entry.</param>
    /// <param name="scope">What references mean in its bundle.</param>
    /// <param name="changedAt">When a delete happened at the EHR, where it is known.</param>
    public static IngestEntry Entry(BundleEntry entry, ReferenceScope scope, DateTimeOffset? changedAt)
    {
        var problem = entry.Refused ?? (entry.Method == EntryMethod.Get && entry.Resource is null ? NoQueries(entry) : null);
        if (problem is not null)
            return new IngestEntry { Problem = problem, Scope = scope, ChangedAt = changedAt, Form = QuarantinedForm.BundleEntry, Raw = Encoding.UTF8.GetBytes(entry.Json.GetRawText()) };
        var id = entry.Id ?? (entry.Resource is { } resource ? ContentId(resource) : null);
        return new IngestEntry { Resource = entry.Resource, Type = entry.Type, Id = id, Scope = scope, ChangedAt = changedAt };
    }

    private static ReadResource.Refused NoQueries(BundleEntry entry) =>
        new(RefusalCodes.WrongValue, $"Bundle.entry[{entry.Index}].request.method", "This endpoint takes data in; it answers no GET inside a bundle.");

    /// <summary>The id of a resource that came without any: made of its content, so that the same content sent again is the same resource.</summary>
    public static Phi ContentId(JsonElement resource) => "c" + ContentHash.Of(resource).ToString("x16", CultureInfo.InvariantCulture);

    /// <summary>When the EHR made the change, as a history bundle says it.</summary>
    private static DateTimeOffset? LastModified(JsonElement entry) =>
        entry.ValueKind == JsonValueKind.Object
        && entry.TryGetProperty("response"u8, out var response) && response.ValueKind == JsonValueKind.Object
        && response.TryGetProperty("lastModified"u8, out var at) && at.ValueKind == JsonValueKind.String
        && DateTimeOffset.TryParse(at.GetString(), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time)
            ? time : null;
}
