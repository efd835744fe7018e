using System.Text.Json;
using HealthMLOps.Clinical;
using HealthMLOps.Privacy;

namespace HealthMLOps.Intake;

/// <summary>Reads FHIR R4 resources of one source into pseudonymous facts.</summary>
/// <remarks>
/// A projection: only the elements that facts are made of are read, and those are read strictly. Firely's own model is the
/// oracle of the tests. A unit that can't be converted, or a modifier that isn't known, refuses the whole resource.
/// </remarks>
public sealed class ResourceReader(SourceProfile source, ConceptCatalog concepts, IdentityKeys keys)
{
    private const string SubsettedSystem = "http://terminology.hl7.org/CodeSystem/v3-ObservationValue";

    private readonly CodingCache _codings = new();
    private readonly ObservationReader _observations = new(concepts);
    private readonly Pseudonyms _pseudonyms = new(source.Name, keys);
    private readonly RemnantReader _remnants = new(source, keys);

    public SourceProfile Source => source;

    /// <summary>Reads one resource.</summary>
    /// <param name="id">The id where the resource has none of its own, from the request or the entry's fullUrl.</param>
    /// <param name="firstArrived">When it came first, where it waited in quarantine since; null = now.</param>
    public ReadResource Read(
        JsonElement resource, ReadClock clock, DateTimeOffset recorded, ReferenceScope scope, Phi? id = null, DateTimeOffset? firstArrived = null)
    {
        try
        {
            if (!resource.TryGetProperty("resourceType"u8, out var named) || named.ValueKind != JsonValueKind.String || named.GetString() is not { Length: > 0 } type)
                return new ReadResource.Refused(RefusalCodes.Required, "resourceType", "Expected a string that names an R4 resource type.");
            if (ReaderOf(type) is not { } read)
                return R4Types.Has(type) ? new ReadResource.Unused(type)
                    : new ReadResource.Refused(RefusalCodes.UnknownResourceType, "resourceType", "FHIR R4 has no such resource type.");
            return Read(Node.Root(resource, type), type, read, clock, recorded, scope, id?.Reveal(), firstArrived);
        }
        catch (Unreadable e) { return new ReadResource.Refused(e.Code, e.Element, e.Reason); }
    }

    /// <summary>What must not be lost of a resource that was refused when read, or was of no use; null where there is nothing.</summary>
    public Remnant? Remnant(JsonElement resource, IngestEntry entry, ReadClock clock, DateTimeOffset recorded) =>
        _remnants.Read(resource, entry, clock, recorded, type => ReaderOf(type) is not null);

    private ReadResource Read(
        Node root, string type, Func<Reading, Reported> read, ReadClock clock, DateTimeOffset recorded, ReferenceScope scope, string? fallbackId, DateTimeOffset? firstArrived)
    {
        var id = root.Text("id") ?? fallbackId ?? throw root.Wrong(RefusalCodes.Required, "id", "it is required and was not sent");
        if (!FhirReference.IsId(id)) throw root.Wrong(RefusalCodes.WrongValue, "id", $"expected 1 to {FhirReference.IdLettersMax} of A-Z, a-z, 0-9, '-' and '.'");
        var meta = root.Child("meta");
        if (meta is { } m) RefuseSubsetted(m);
        var reading = new Reading
        {
            Root = root, Id = id, Source = source, Keys = keys, Codings = _codings, Pseudonyms = _pseudonyms, Clock = clock, Recorded = recorded, Scope = scope,
            LastUpdated = meta is { } written ? FhirTime.Read(written, "lastUpdated", source.TimeZone)?.Latest : null,
        };
        var reported = read(reading);
        if (reported.Standing == FactStanding.Active) RefuseModifiers(reading);
        if (reported.Subject is not { } patient || patient.Type != "Patient") return new ReadResource.Unused(type);
        var (key, sealedPatient) = _pseudonyms.Of(patient.Id);
        var resourceKey = keys.Resource(source.Name, type, id);
        var versionId = meta?.Text("versionId");
        var isByArrival = versionId is null && reading.LastUpdated is null;
        return new ReadResource.Used(new IdentifiedFact
        {
            PatientId = patient.Id, Patient = key, SealedPatient = sealedPatient,
            Id = id, SealedId = type == "Patient" ? sealedPatient : keys.Seal(resourceKey, source.Name, type, id),
            Links = reported.Links, PatientActive = reported.PatientActive,
            Fact = new Fact
            {
                Resource = resourceKey, ResourceType = type, Source = source.Name, Version = Version(reading, versionId, firstArrived ?? recorded),
                IsOrderedByFirstArrival = isByArrival && firstArrived is not null,
                Standing = reported.Standing, Status = reported.Status, Recorded = recorded, Available = Available(reading, reported),
                Entries = reported.Entries, UnusedBecause = reported.UnusedBecause, Encounter = reported.Encounter, VersionId = versionId,
            },
        });
    }

    private Func<Reading, Reported>? ReaderOf(string type) => type switch
    {
        "Observation" => _observations.Read,
        "Patient" => PatientReader.Read,
        "Encounter" => EncounterReader.Read,
        "Condition" => ConditionReader.Read,
        "MedicationRequest" => MedicationReader.ReadOrder,
        "MedicationAdministration" => MedicationReader.ReadGiven,
        "ServiceRequest" => ServiceRequestReader.Read,
        "Procedure" => ProcedureReader.Read,
        "Coverage" => CoverageReader.Read,
        _ => null,
    };

    /// <summary>The earliest time at which any part of the version was known; a version without parts when it was written.</summary>
    private static DateTimeOffset? Available(Reading reading, Reported reported)
    {
        if (reading.Clock == ReadClock.Live) return reading.Recorded;
        return reported.Entries.IsEmpty ? reading.LastUpdated : reported.Entries.Min(e => e.Available);
    }

    private static ResourceVersion Version(Reading reading, string? versionId, DateTimeOffset arrived)
    {
        var number = long.TryParse(versionId, System.Globalization.NumberStyles.None, System.Globalization.CultureInfo.InvariantCulture, out var n) ? n : 0;
        var ticks = reading.LastUpdated?.UtcTicks ?? (versionId is null ? arrived.UtcTicks : 0);
        return new ResourceVersion(ticks, number, ContentHash.Of(reading.Root.Json));
    }

    private static void RefuseModifiers(Reading reading)
    {
        Reading.RefuseModifiers(reading.Root);
        if (reading.Root.Has("implicitRules"u8))
            throw reading.Root.Wrong(RefusalCodes.ModifierExtension, "implicitRules", "it may change the meaning, and no such rules are known here");
    }

    private static void RefuseSubsetted(Node meta)
    {
        foreach (var tag in meta.List("tag"))
            if (tag.Text("code") == "SUBSETTED" && tag.Text("system") is SubsettedSystem or null)
                throw meta.Wrong(RefusalCodes.Subsetted, "tag", "the server left parts of the resource out; a whole one is needed");
    }
}
