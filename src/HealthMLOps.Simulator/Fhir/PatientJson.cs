using System.Globalization;
using System.Text.Json;
using HealthMLOps.Simulation.Charting;
using HealthMLOps.Simulation.Wards;

namespace HealthMLOps.Simulation.Fhir;

/// <summary>Patients, their insurance and their problems.</summary>
internal static class PatientJson
{
    private const string UsCore = "http://hl7.org/fhir/us/core/StructureDefinition/";

    public static void Write(Utf8JsonWriter json, PatientEntry entry)
    {
        var person = entry.Person;
        json.WriteStartArray("extension"u8);
        WriteOmbExtension(json, "us-core-race", person.Races);
        if (person.Ethnicity is { } ethnicity) WriteOmbExtension(json, "us-core-ethnicity", [ethnicity]);
        if (person.Gender is "female" or "male")
        {
            json.WriteStartObject();
            json.WriteString("url"u8, UsCore + "us-core-birthsex");
            json.WriteString("valueCode"u8, person.Gender == "female" ? "F"u8 : "M"u8);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("identifier"u8);
        json.WriteStartObject();
        json.WriteString("system"u8, "http://ehr.sim.example/mrn"u8);
        json.WriteString("value"u8, "MRN-" + entry.Id);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteBoolean("active"u8, true);
        json.WriteStartArray("name"u8);
        json.WriteStartObject();
        json.WriteString("family"u8, "Simulated"u8);
        json.WriteString("text"u8, "Simulated patient " + entry.Id);
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteString("gender"u8, person.Gender);
        json.WriteString("birthDate"u8, person.Born.ToString(person.BornPrecision == BirthDatePrecision.Year ? "yyyy" : "yyyy-MM-dd", CultureInfo.InvariantCulture));
        if (entry.Deceased is { } deceased) json.WriteMoment("deceasedDateTime", deceased);
    }

    public static void Write(Utf8JsonWriter json, CoverageEntry entry)
    {
        json.WriteString("status"u8, "active"u8);
        json.WriteConcept("type", [entry.Kind]);
        json.WriteReference("beneficiary", "Patient", entry.PatientId);
        json.WritePeriod("period", entry.From, null);
        json.WriteStartArray("payor"u8);
        json.WriteStartObject();
        json.WriteString("display"u8, entry.Payor);
        json.WriteEndObject();
        json.WriteEndArray();
    }

    public static void Write(Utf8JsonWriter json, ConditionEntry entry)
    {
        json.WriteConcept("clinicalStatus", [new("http://terminology.hl7.org/CodeSystem/condition-clinical", "active", "Active")]);
        json.WriteConcept("verificationStatus", [new("http://terminology.hl7.org/CodeSystem/condition-ver-status", "confirmed", "Confirmed")]);
        json.WriteConceptList("category", [new("http://terminology.hl7.org/CodeSystem/condition-category", entry.Category,
            entry.Category == "problem-list-item" ? "Problem List Item" : "Encounter Diagnosis")]);
        json.WriteConcept("code", entry.Codings, entry.Codings[0].Display);
        json.WriteReference("subject", "Patient", entry.PatientId);
        if (entry.EncounterId is { } encounter) json.WriteReference("encounter", "Encounter", encounter);
        if (entry.Onset is { } onset) json.WriteString("onsetDateTime"u8, onset.ToOffset(HospitalClock.Offset).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        json.WriteMoment("recordedDate", entry.Recorded);
    }

    private static void WriteOmbExtension(Utf8JsonWriter json, string name, IReadOnlyList<Code> categories)
    {
        json.WriteStartObject();
        json.WriteStartArray("extension"u8);
        foreach (var category in categories)
        {
            json.WriteStartObject();
            json.WriteString("url"u8, "ombCategory"u8);
            json.WriteCoding("valueCoding", category);
            json.WriteEndObject();
        }
        json.WriteStartObject();
        json.WriteString("url"u8, "text"u8);
        json.WriteString("valueString"u8, string.Join(", ", categories.Select(category => category.Display)));
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteString("url"u8, UsCore + name);
        json.WriteEndObject();
    }
}
