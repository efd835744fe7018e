using System.Globalization;
using System.Text.Json;
using HealthMLOps.Simulation.Charting;

namespace HealthMLOps.Simulation.Fhir;

/// <summary>Encounters with their class history, places and discharge.</summary>
internal static class EncounterJson
{
    private const string ActCode = "http://terminology.hl7.org/CodeSystem/v3-ActCode";

    public static void Write(Utf8JsonWriter json, EncounterEntry entry)
    {
        json.WriteString("status"u8, entry.Status);
        json.WriteCoding("class", ClassCode(entry.Class));
        WriteClassHistory(json, entry);
        json.WriteReference("subject", "Patient", entry.PatientId);
        json.WritePeriod("period", entry.Start, entry.End);
        if (entry.Reason is { } reason) json.WriteConceptList("reasonCode", [reason], reason.Display);
        if (entry.DiagnosisId is { } diagnosis)
        {
            json.WriteStartArray("diagnosis"u8);
            json.WriteStartObject();
            json.WriteReference("condition", "Condition", diagnosis);
            json.WriteConcept("use", [new("http://terminology.hl7.org/CodeSystem/diagnosis-role", "AD", "Admission diagnosis")]);
            json.WriteEndObject();
            json.WriteEndArray();
        }
        WriteHospitalization(json, entry);
        WriteLocations(json, entry);
        if (entry.PartOf is { } whole) json.WriteReference("partOf", "Encounter", whole);
    }

    private static void WriteClassHistory(Utf8JsonWriter json, EncounterEntry entry)
    {
        if (entry.ClassHistory.Count == 0) return;
        json.WriteStartArray("classHistory"u8);
        foreach (var phase in entry.ClassHistory)
        {
            json.WriteStartObject();
            json.WriteCoding("class", ClassCode(phase.Class));
            json.WritePeriod("period", phase.From, phase.To);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static void WriteHospitalization(Utf8JsonWriter json, EncounterEntry entry)
    {
        if (entry.AdmitSource is null && entry.Disposition is null) return;
        json.WriteStartObject("hospitalization"u8);
        if (entry.AdmitSource is { } source)
            json.WriteConcept("admitSource", [new("http://terminology.hl7.org/CodeSystem/admit-source", source, "From accident/emergency department")]);
        if (entry.Origin == EncounterOrigin.Readmission)
            json.WriteConcept("reAdmission", [new("http://terminology.hl7.org/CodeSystem/v2-0092", "R", "Re-admission")]);
        if (entry.Disposition is { } disposition)
            json.WriteConcept("dischargeDisposition", [new("http://terminology.hl7.org/CodeSystem/discharge-disposition", disposition, DispositionText(disposition))]);
        json.WriteEndObject();
    }

    private static void WriteLocations(Utf8JsonWriter json, EncounterEntry entry)
    {
        if (entry.Locations.Count == 0) return;
        json.WriteStartArray("location"u8);
        foreach (var phase in entry.Locations)
        {
            json.WriteStartObject();
            json.WriteStartObject("location"u8);
            json.WriteString("reference"u8, "Location/" + phase.Ward.Code);
            json.WriteString("display"u8, string.Create(CultureInfo.InvariantCulture, $"{phase.Ward.Name}, bed {phase.Bed + 1}"));
            json.WriteEndObject();
            json.WriteString("status"u8, phase.To is null ? "active"u8 : "completed"u8);
            json.WritePeriod("period", phase.From, phase.To);
            json.WriteEndObject();
        }
        json.WriteEndArray();
    }

    private static Code ClassCode(string @class) => new(ActCode, @class, @class switch
    {
        "AMB" => "ambulatory",
        "EMER" => "emergency",
        _ => "inpatient encounter",
    });

    private static string DispositionText(string disposition) => disposition switch
    {
        "exp" => "Expired",
        "home" => "Home",
        "snf" => "Skilled nursing facility",
        _ => "Rehabilitation",
    };
}
