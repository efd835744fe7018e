using Hl7.Fhir.Model;
using FhirAuditEvent = Hl7.Fhir.Model.AuditEvent;

namespace HealthMLOps.Audit;

/// <summary>Writes an entry of the record as a FHIR R4 AuditEvent, after the mapping of IHE BALP. The patient is a pseudonym.</summary>
public static class AuditEventBuilder
{
    public const string PseudonymSystem = "urn:healthml:pseudonym";
    public const string PersonSystem = "urn:healthml:person";
    public const string RoleSystem = "urn:healthml:role";
    public const string ActionSystem = "urn:healthml:audit-action";
    public const string DigestUrl = "urn:healthml:fhir:StructureDefinition:audit-digest";
    private const string Reasons = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
    private const string EventTypes = "http://terminology.hl7.org/CodeSystem/audit-event-type";
    private const string Interactions = "http://hl7.org/fhir/restful-interaction";
    private const string Participation = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
    private const string Dicom = "http://dicom.nema.org/resources/ontology/DCM";
    private const string EntityTypes = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
    private const string ObjectRoles = "http://terminology.hl7.org/CodeSystem/object-role";
    private const string BalpEntityTypes = "https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType";

    public static FhirAuditEvent Of(RecordedEntry recorded, string origin)
    {
        var entry = recorded.Event.Entry;
        var isRead = entry.Action.EndsWith(".read", StringComparison.Ordinal);
        var isSearch = entry.Action.EndsWith(".search", StringComparison.Ordinal);
        var resource = new FhirAuditEvent
        {
            Id = recorded.Event.Place.ToString(),
            Type = isRead || isSearch ? new Coding(EventTypes, "rest", "RESTful Operation") : new Coding(EventTypes, "object", "Object"),
            Subtype = [new Coding(ActionSystem, entry.Action)],
            Action = isRead ? FhirAuditEvent.AuditEventAction.R : FhirAuditEvent.AuditEventAction.E,
            Recorded = entry.At,
            Outcome = entry.Outcome == "ok" ? FhirAuditEvent.AuditEventOutcome.N0 : FhirAuditEvent.AuditEventOutcome.N4,
            OutcomeDesc = entry.Outcome == "ok" ? null : entry.Outcome,
            PurposeOfEvent = [new CodeableConcept(Reasons, entry.Purpose)],
            Agent = [Requestor(entry), Server(origin)],
            Source = new FhirAuditEvent.SourceComponent { Site = origin, Observer = new ResourceReference { Display = "HealthMLOps.Orleans" } },
        };
        if (isRead || isSearch) resource.Subtype.Add(new Coding(Interactions, isRead ? "read" : "search-type"));
        if (entry.Patient is { } patient) resource.Entity.Add(Entity(EntityTypes, "1", "1", PseudonymSystem, patient.Value));
        if (entry.Object is { } named)
        {
            var what = Entity(EntityTypes, "2", "4", null, named);
            what.Name = named;
            resource.Entity.Add(what);
        }
        if (entry.Correlation is { } request) resource.Entity.Add(Entity(BalpEntityTypes, "XrequestId", null, null, request));
        resource.AddExtension(DigestUrl, new FhirString(Convert.ToHexStringLower(recorded.Digest)));
        return resource;
    }

    private static FhirAuditEvent.AgentComponent Requestor(AuditEntry entry) => new()
    {
        Type = new CodeableConcept(Participation, "IRCP"),
        Role = [new CodeableConcept(RoleSystem, entry.Role)],
        Who = new ResourceReference { Identifier = new Identifier(PersonSystem, entry.Person) },
        AltId = entry.Account,
        Requestor = true,
    };

    private static FhirAuditEvent.AgentComponent Server(string origin) => new()
    {
        Type = new CodeableConcept(Dicom, "110153", "Source Role ID", null),
        Who = new ResourceReference { Identifier = new Identifier(null, origin) },
        Requestor = false,
    };

    private static FhirAuditEvent.EntityComponent Entity(string typeSystem, string type, string? role, string? system, string value) => new()
    {
        What = new ResourceReference { Identifier = new Identifier(system, value) },
        Type = new Coding(typeSystem, type),
        Role = role is null ? null : new Coding(ObjectRoles, role),
    };
}
