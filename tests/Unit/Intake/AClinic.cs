using System.Text;
using System.Text.Json;
using HealthMLOps.Clinical;
using HealthMLOps.Intake;
using HealthMLOps.Privacy;

namespace HealthMLOps.Tests.Unit.Intake;

/// <summary>A configured source with its reader, as the silo would build them.</summary>
public static class AClinic
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    public static readonly IdentityKeys Keys = new(new byte[IdentityKeys.KeyBytes]);
    public static readonly ConceptCatalog Concepts = ConceptCatalog.Read(RepositoryFiles.Config("codes", "concepts.json"));

    public static readonly SourceProfile Source = SourceProfile.Read("""
        {
          "name": "clinic", "enabled": true, "timeZone": "Europe/Berlin", "fhirBase": "https://ehr.example/fhir",
          "otherBases": ["http://127.0.0.1:5826/fhir/r4", "http://example.org/fhir"],
          "unitAliases": { "mmHg": "mm[Hg]", "bpm": "/min" },
          "localCodes": { "urn:clinic|HR": "8867-4" },
          "units": { "Location/icu-1": "icu" }
        }
        """);

    public static readonly ResourceReader Reader = new(Source, Concepts, Keys);

    public static ReadResource Read(string json, ReadClock clock = ReadClock.Live, ReferenceScope? scope = null)
    {
        using var document = JsonDocument.Parse(json);
        return Reader.Read(document.RootElement, clock, Noon, scope ?? ReferenceScope.Empty);
    }

    public static Fact Fact(string json, ReadClock clock = ReadClock.Live) => Assert.IsType<ReadResource.Used>(Read(json, clock)).Fact.Fact;

    public static Measurement Measurement(string json, ReadClock clock = ReadClock.Live) => Assert.IsType<Measurement>(Assert.Single(Fact(json, clock).Entries));

    public static ReadResource.Refused Refused(string json) => Assert.IsType<ReadResource.Refused>(Read(json));

    /// <summary>A final heart rate of 80 at 10:00, with elements added or replaced.</summary>
    public static string HeartRate(params (string Name, string Json)[] changes) => Changed("""
        {"resourceType":"Observation","id":"o1","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"8867-4"}]},
         "subject":{"reference":"Patient/p1"},"effectiveDateTime":"2026-11-20T10:00:00Z","issued":"2026-11-20T10:40:00Z",
         "valueQuantity":{"value":80,"unit":"beats/min","system":"http://unitsofmeasure.org","code":"/min"}}
        """, changes);

    /// <summary>A resource with elements added, replaced, or removed (empty text).</summary>
    public static string Changed(string json, params (string Name, string Json)[] changes)
    {
        var resource = System.Text.Json.Nodes.JsonNode.Parse(json)!.AsObject();
        foreach (var (name, value) in changes)
        {
            resource.Remove(name);
            if (value.Length > 0) resource[name] = System.Text.Json.Nodes.JsonNode.Parse(value);
        }
        return resource.ToJsonString();
    }

    public static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    public static DateTimeOffset At(string text) => DateTimeOffset.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
