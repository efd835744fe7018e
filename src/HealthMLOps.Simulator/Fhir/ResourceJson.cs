using System.Buffers;
using System.Diagnostics;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using HealthMLOps.Simulation.Charting;

namespace HealthMLOps.Simulation.Fhir;

/// <summary>Chart entries as FHIR R4 JSON.</summary>
internal static class ResourceJson
{
    /// <summary>Leaves "+" and "&lt;" readable, as EHRs do; nothing here reaches a browser.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };

    public static byte[] Bytes(ChartEntry entry)
    {
        var buffer = new ArrayBufferWriter<byte>(1200);
        using (var json = new Utf8JsonWriter(buffer, Options)) Write(json, entry);
        return buffer.WrittenSpan.ToArray();
    }

    public static void Write(Utf8JsonWriter json, ChartEntry entry)
    {
        json.WriteStartObject();
        json.WriteString("resourceType"u8, entry.ResourceType);
        json.WriteString("id"u8, entry.Id);
        json.WriteStartObject("meta"u8);
        json.WriteString("versionId"u8, entry.Version.ToString(CultureInfo.InvariantCulture));
        json.WriteInstant("lastUpdated", entry.LastUpdated);
        json.WriteEndObject();
        switch (entry)
        {
            case ObservationEntry observation: ObservationJson.Write(json, observation); break;
            case MedicationAdministrationEntry dose: OrderJson.Write(json, dose); break;
            case MedicationRequestEntry request: OrderJson.Write(json, request); break;
            case ServiceRequestEntry request: OrderJson.Write(json, request); break;
            case ProcedureEntry procedure: OrderJson.Write(json, procedure); break;
            case EncounterEntry encounter: EncounterJson.Write(json, encounter); break;
            case ConditionEntry condition: PatientJson.Write(json, condition); break;
            case PatientEntry patient: PatientJson.Write(json, patient); break;
            case CoverageEntry coverage: PatientJson.Write(json, coverage); break;
            default: throw new UnreachableException();
        }
        json.WriteEndObject();
    }
}
