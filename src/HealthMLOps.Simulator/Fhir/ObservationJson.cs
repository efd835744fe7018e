using System.Diagnostics;
using System.Text.Json;
using HealthMLOps.Simulation.Charting;

namespace HealthMLOps.Simulation.Fhir;

/// <summary>Observations: single values, panels with components, and values that are absent.</summary>
internal static class ObservationJson
{
    private const string CategorySystem = "http://terminology.hl7.org/CodeSystem/observation-category";

    public static void Write(Utf8JsonWriter json, ObservationEntry entry)
    {
        var kind = entry.Kind;
        json.WriteString("status"u8, entry.Status);
        json.WriteConceptList("category", [new(CategorySystem, kind.Category, kind.Category == "laboratory" ? "Laboratory" : "Vital Signs")]);
        json.WriteConcept("code", kind.Codings, kind.Text);
        json.WriteReference("subject", "Patient", entry.PatientId);
        json.WriteReference("encounter", "Encounter", entry.EncounterId);
        json.WriteMoment("effectiveDateTime", entry.Effective);
        if (entry.Issued is { } issued) json.WriteInstant("issued", issued);
        if (entry.Value is { } value) WriteValue(json, value);
        if (entry.Components.Count == 0) return;
        json.WriteStartArray("component"u8);
        foreach (var component in entry.Components)
        {
            json.WriteStartObject();
            json.WriteConcept("code", [component.Code]);
            WriteValue(json, component.Value);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteValue(Utf8JsonWriter json, ObservedValue value)
    {
        switch (value)
        {
            case Measured measured:
                json.WriteQuantity("valueQuantity", measured);
                break;
            case CodedAnswer answer:
                json.WriteConcept("valueCodeableConcept", [answer.Code]);
                break;
            case Absent absent:
                json.WriteConcept("dataAbsentReason", [new("http://terminology.hl7.org/CodeSystem/data-absent-reason", absent.Reason, absent.Reason)]);
                break;
            default: throw new UnreachableException();
        }
    }
}
