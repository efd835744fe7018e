using System.Globalization;
using System.Text.Json;
using HealthMLOps.Intake;

namespace HealthMLOps.Tests.Cluster.Patients;

/// <summary>What an EHR writes, in few words. Version n of a resource was written n minutes after the hour before noon.</summary>
internal static class Chart
{
    public static IngestEntry HeartRate(string id, string patient, double bpm, int version = 1, string status = "final", double hoursAgo = 1) =>
        Of(HeartRateJson(id, patient, bpm, version, status, hoursAgo));

    public static string HeartRateJson(string id, string patient, double bpm, int version = 1, string status = "final", double hoursAgo = 1) =>
        Observation(id, patient, "8867-4", "/min", bpm, version, status, hoursAgo);

    public static IngestEntry Oxygen(string id, string patient, double percent) => Of(Observation(id, patient, "59408-5", "%", percent, 1, "final", 1));

    public static IngestEntry Admitted(string id, string patient, double hoursAgo = 10) => Of(
        $$"""
        {"resourceType":"Encounter","id":"{{id}}","meta":{{Meta(1)}},"status":"in-progress","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"IMP"},
         "subject":{"reference":"Patient/{{patient}}"},"period":{"start":"{{At(Ward.Noon.AddHours(-hoursAgo))}}"} }
        """);

    public static IngestEntry Stay(string id, string patient, DateTimeOffset from, DateTimeOffset to) => Of(
        $$"""
        {"resourceType":"Encounter","id":"{{id}}","meta":{{Meta(1)}},"status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"IMP"},
         "subject":{"reference":"Patient/{{patient}}"},"period":{"start":"{{At(from)}}","end":"{{At(to)}}"} }
        """);

    public static IngestEntry Person(string id, DateTimeOffset? died) => Of(
        $$"""
        {"resourceType":"Patient","id":"{{id}}","meta":{{Meta(1)}},"gender":"female","birthDate":"1950-01-01"{{(died is { } at ? $",\"deceasedDateTime\":\"{At(at)}\"" : "")}}}
        """);

    public static IngestEntry Deleted(string id, int version) => new() { Type = "Observation", Id = id, ChangedAt = Written(version) };

    public static IngestEntry Of(string json) => new() { Resource = JsonDocument.Parse(json).RootElement };

    public static DateTimeOffset Written(int version) => Ward.Noon.AddHours(-1).AddMinutes(version);

    private static string Observation(string id, string patient, string loinc, string unit, double value, int version, string status, double hoursAgo) =>
        string.Create(CultureInfo.InvariantCulture,
            $$"""
            {"resourceType":"Observation","id":"{{id}}","meta":{{Meta(version)}},"status":"{{status}}","code":{"coding":[{"system":"http://loinc.org","code":"{{loinc}}"}]},
             "subject":{"reference":"Patient/{{patient}}"},"effectiveDateTime":"{{At(Ward.Noon.AddHours(-hoursAgo))}}","issued":"{{At(Ward.Noon.AddHours(-hoursAgo))}}",
             "valueQuantity":{"value":{{value}},"system":"http://unitsofmeasure.org","code":"{{unit}}"} }
            """);

    private static string Meta(int version) => $$"""{"versionId":"{{version}}","lastUpdated":"{{At(Written(version))}}"}""";

    private static string At(DateTimeOffset time) => time.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
