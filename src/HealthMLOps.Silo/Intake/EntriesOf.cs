using System.Text.Json;

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
            ? ([new IngestEntry { Resource = bundle, Problem = refused }], null)
            : ([.. read.Entries.Select(e => Entry(e, read.Scope, null))], read.Type);
    }

    /// <param name="entry">The bundle's entry.</param>
    /// <param name="scope">What references mean in its bundle.</param>
    /// <param name="changedAt">When a delete happened at the EHR, where it is known.</param>
    public static IngestEntry Entry(BundleEntry entry, ReferenceScope scope, DateTimeOffset? changedAt)
    {
        if (entry.Refused is not null) return new IngestEntry { Problem = entry.Refused, Resource = entry.Resource };
        if (entry.Method == EntryMethod.Get && entry.Resource is null)
            return new IngestEntry { Problem = new ReadResource.Refused(RefusalCodes.WrongValue, $"Bundle.entry[{entry.Index}].request.method", "This endpoint takes data in; it answers no GET inside a bundle.") };
        return new IngestEntry { Resource = entry.Resource, Type = entry.Type, Id = entry.Id, Scope = scope, ChangedAt = changedAt };
    }
}
