using System.Globalization;
using System.Text.Json;
using HealthMLOps.Clinical;
using HealthMLOps.Privacy;

namespace HealthMLOps.Intake;

/// <summary>Reads the little that must not be lost of a resource that was refused or is thin.</summary>
/// <remarks>
/// A refused version is still the newest: its elder must not stand in the score as if it were true. So it is admitted without
/// entries, unused because it is in quarantine. A resource entered in error is withdrawn however little it says. Whose it was,
/// the resource index knows, as for a delete.
/// </remarks>
internal sealed class RemnantReader(SourceProfile profile, IdentityKeys keys)
{
    public const string Quarantined = "quarantined";
    private const string EnteredInError = "entered-in-error";

    /// <param name="resource">What was refused, or is of no use.</param>
    /// <param name="entry">How it came.</param>
    /// <param name="isOfUse">Whether resources of its type become facts.</param>
    /// <returns>Null where it can't be told which resource it is a version of, or where no former version could matter.</returns>
    public Remnant? Read(JsonElement resource, IngestEntry entry, ReadClock clock, DateTimeOffset recorded, Predicate<string> isOfUse)
    {
        if (Text(resource, "resourceType") is not { } type || !R4Types.Has(type)) return null;
        if ((Text(resource, "id") ?? entry.Id?.Reveal()) is not { } id || !FhirReference.IsId(id)) return null;
        var isWithdrawal = Text(resource, "status") == EnteredInError;
        if (!isWithdrawal && !isOfUse(type)) return null;
        var fact = Fact(resource, type, id, entry, clock, recorded, isWithdrawal);
        return new Remnant(new Arrival { Fact = fact, SealedId = [.. keys.Seal(profile.Name, type, id)] }, id, isWithdrawal);
    }

    private Fact Fact(JsonElement resource, string type, string id, IngestEntry entry, ReadClock clock, DateTimeOffset recorded, bool isWithdrawal)
    {
        var (versionId, updated, isUnreadable) = Meta(resource, type);
        var hash = ContentHash.Of(resource);
        var isByArrival = versionId is null && updated is null;
        // A time that is there and can't be read must not let the elder stand: the arrival takes its place.
        var ticks = updated ?? (isByArrival || isUnreadable ? entry.FirstArrived ?? recorded : null);
        var number = long.TryParse(versionId, NumberStyles.None, CultureInfo.InvariantCulture, out var n) ? n : 0;
        return new Fact
        {
            Resource = keys.Resource(profile.Name, type, id),
            ResourceType = type,
            Source = profile.Name,
            // A small part of the hash: below the same version whole, whatever its content, so that what can be read takes the remnant's place.
            Version = new ResourceVersion(ticks?.UtcTicks ?? 0, number, isWithdrawal ? hash : hash >> 32),
            Standing = isWithdrawal ? FactStanding.Retracted : FactStanding.Active,
            Status = isWithdrawal ? EnteredInError : null,
            Recorded = recorded,
            Available = isWithdrawal || clock == ReadClock.Live ? recorded : updated,
            UnusedBecause = isWithdrawal ? null : Quarantined,
            VersionId = versionId,
            IsOrderedByFirstArrival = isByArrival && entry.FirstArrived is not null,
        };
    }

    /// <summary>By the same rules as a resource that can be used.</summary>
    private (string? VersionId, DateTimeOffset? Updated, bool IsUnreadable) Meta(JsonElement resource, string type)
    {
        if (!resource.TryGetProperty("meta"u8, out var meta) || meta.ValueKind != JsonValueKind.Object) return (null, null, false);
        var versionId = Text(meta, "versionId");
        try { return (versionId, FhirTime.Read(Node.Root(meta, type), "lastUpdated", profile.TimeZone)?.Latest, false); }
        catch (Unreadable) { return (versionId, null, true); }
    }

    private static string? Text(JsonElement parent, string name) =>
        parent.ValueKind == JsonValueKind.Object && parent.TryGetProperty(name, out var json) && json.ValueKind == JsonValueKind.String ? json.GetString() : null;
}
