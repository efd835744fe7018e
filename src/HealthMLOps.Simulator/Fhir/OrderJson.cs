using System.Text.Json;
using HealthMLOps.Simulation.Charting;

namespace HealthMLOps.Simulation.Fhir;

/// <summary>Orders, doses and procedures.</summary>
internal static class OrderJson
{
    public static void Write(Utf8JsonWriter json, ServiceRequestEntry entry)
    {
        json.WriteString("status"u8, entry.Status);
        json.WriteString("intent"u8, "order"u8);
        json.WriteConcept("code", entry.Codings);
        json.WriteReference("subject", "Patient", entry.PatientId);
        json.WriteReference("encounter", "Encounter", entry.EncounterId);
        json.WriteMoment("authoredOn", entry.Authored);
    }

    public static void Write(Utf8JsonWriter json, MedicationRequestEntry entry)
    {
        json.WriteString("status"u8, entry.Status);
        json.WriteString("intent"u8, "order"u8);
        json.WriteConcept("medicationCodeableConcept", [entry.Drug.RxNorm, entry.Drug.Atc], entry.Drug.Name);
        json.WriteReference("subject", "Patient", entry.PatientId);
        if (entry.EncounterId is { } encounter) json.WriteReference("encounter", "Encounter", encounter);
        json.WriteMoment("authoredOn", entry.Authored);
    }

    public static void Write(Utf8JsonWriter json, MedicationAdministrationEntry entry)
    {
        json.WriteString("status"u8, "completed"u8);
        json.WriteConcept("medicationCodeableConcept", [entry.Drug.RxNorm, entry.Drug.Atc], entry.Drug.Name);
        json.WriteReference("subject", "Patient", entry.PatientId);
        json.WriteReference("context", "Encounter", entry.EncounterId);
        json.WriteMoment("effectiveDateTime", entry.Effective);
        json.WriteReference("request", "MedicationRequest", entry.RequestId);
        json.WriteStartObject("dosage"u8);
        json.WriteConcept("route", [entry.Drug.Route]);
        json.WriteQuantity("dose", new Measured(entry.Drug.Dose, entry.Drug.DoseUnit));
        json.WriteEndObject();
    }

    public static void Write(Utf8JsonWriter json, ProcedureEntry entry)
    {
        json.WriteString("status"u8, "completed"u8);
        json.WriteConcept("code", entry.Codings);
        json.WriteReference("subject", "Patient", entry.PatientId);
        json.WriteReference("encounter", "Encounter", entry.EncounterId);
        json.WritePeriod("performedPeriod", entry.From, entry.To);
    }
}
