using System.Globalization;
using System.Text.Json.Nodes;

namespace HealthMLOps.Tests.EndToEnd.Charts;

/// <summary>Resources as an EHR would send them.</summary>
public static class A
{
    public const string HeartRate = "8867-4";
    public static readonly DateTimeOffset Morning = new(2026, 3, 1, 8, 0, 0, TimeSpan.Zero);

    private static int _next;

    /// <summary>An id that no other test uses.</summary>
    public static string NewId(string kind) =>
        string.Create(CultureInfo.InvariantCulture, $"{kind}-{Environment.ProcessId}-{Interlocked.Increment(ref _next)}");

    public static JsonObject Patient(string id, int version = 1) => Versioned(version, new JsonObject
    {
        ["resourceType"] = "Patient", ["id"] = id, ["gender"] = "female", ["birthDate"] = "1950-04-02",
    });

    public static JsonObject Stay(string id, string patient, DateTimeOffset from, DateTimeOffset? to = null, int version = 1)
    {
        var period = new JsonObject { ["start"] = Instant(from) };
        if (to is { } end) period["end"] = Instant(end);
        return Versioned(version, new JsonObject
        {
            ["resourceType"] = "Encounter", ["id"] = id, ["status"] = to is null ? "in-progress" : "finished",
            ["class"] = new JsonObject { ["system"] = "http://terminology.hl7.org/CodeSystem/v3-ActCode", ["code"] = "IMP" },
            ["subject"] = Reference("Patient/" + patient), ["period"] = period,
        });
    }

    /// <summary>A heart rate in beats a minute.</summary>
    public static JsonObject Pulse(string id, string patient, decimal beatsPerMinute, DateTimeOffset at, int version = 1, string status = "final") =>
        Observation(id, patient, HeartRate, beatsPerMinute, "/min", at, version, status);

    public static JsonObject Observation(
        string id, string patient, string loinc, decimal value, string unit, DateTimeOffset at, int version = 1, string status = "final") => Versioned(version, new JsonObject
    {
        ["resourceType"] = "Observation", ["id"] = id, ["status"] = status,
        ["category"] = new JsonArray(new JsonObject { ["coding"] = new JsonArray(Coding("http://terminology.hl7.org/CodeSystem/observation-category", "vital-signs")) }),
        ["code"] = new JsonObject { ["coding"] = new JsonArray(Coding("http://loinc.org", loinc)) },
        ["subject"] = Reference("Patient/" + patient), ["effectiveDateTime"] = Instant(at),
        ["valueQuantity"] = new JsonObject { ["value"] = value, ["unit"] = unit, ["system"] = "http://unitsofmeasure.org", ["code"] = unit },
    });

    public static JsonObject Batch(params JsonObject[] resources) => new()
    {
        ["resourceType"] = "Bundle", ["type"] = "batch",
        ["entry"] = new JsonArray([.. resources.Select(r => new JsonObject
        {
            ["resource"] = r, ["request"] = new JsonObject { ["method"] = "PUT", ["url"] = $"{r["resourceType"]}/{r["id"]}" },
        })]),
    };

    public static string Instant(DateTimeOffset at) => at.ToString("yyyy-MM-ddTHH:mm:ss.fffZ", CultureInfo.InvariantCulture);

    /// <summary>Version n was changed n minutes after the morning: newer versions are later.</summary>
    private static JsonObject Versioned(int version, JsonObject resource)
    {
        resource["meta"] = new JsonObject { ["versionId"] = version.ToString(CultureInfo.InvariantCulture), ["lastUpdated"] = Instant(Morning.AddMinutes(version)) };
        return resource;
    }

    private static JsonObject Coding(string system, string code) => new() { ["system"] = system, ["code"] = code };

    private static JsonObject Reference(string reference) => new() { ["reference"] = reference };
}
