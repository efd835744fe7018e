using System.Globalization;
using System.Text.Json;
using HealthMLOps.Clinical;
using HealthMLOps.Intake;
using HealthMLOps.Privacy;
using HealthMLOps.Tests.Unit;

namespace HealthMLOps.Tests.Cluster.Training;

/// <summary>Stays of five days, read from FHIR as an import reads them. What the first two days show tells nothing; four things written down at discharge tell all.</summary>
internal static class AStayWithALeak
{
    private static readonly DateTimeOffset Admitted = new(2026, 3, 2, 8, 0, 0, TimeSpan.Zero);
    private static readonly DateTimeOffset Imported = new(2026, 6, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly IdentityKeys Keys = new(new byte[IdentityKeys.KeyBytes]);

    public static ConceptCatalog Catalog { get; } = ConceptCatalog.Read(RepositoryFiles.Config("codes", "concepts.json"));

    private static readonly ResourceReader Reader = new(
        SourceProfile.Read("""{ "name": "clinic", "enabled": true, "timeZone": "Europe/Berlin" }"""), Catalog, Keys);

    public static DateTimeOffset Hour(double hour) => Admitted.AddHours(hour);

    public static PatientKey Patient(int number) => Keys.Patient(new SourceName("clinic"), $"p{number}");

    /// <summary>All facts of one stay.</summary>
    /// <param name="number">Names the patient, and varies the honest measurements.</param>
    /// <param name="died">Whether the stay ends in death.</param>
    public static Fact[] Facts(int number, bool died) =>
    [
        Fact($$"""{"resourceType":"Patient","id":"p{{number}}","gender":"female","birthDate":"1950-01-01"{{(died ? $",\"deceasedDateTime\":\"{At(120)}\"" : "")}} }"""),
        Fact($$$"""
            {"resourceType":"Encounter","id":"e{{{number}}}","status":"finished","class":{"code":"IMP"},"subject":{"reference":"Patient/p{{{number}}}"},
             "period":{"start":"{{{At(0)}}}","end":"{{{At(120)}}}"},"hospitalization":{"dischargeDisposition":{"coding":[{"code":"{{{(died ? "exp" : "home")}}}"}]}} }
            """),
        Observation(number, "hr", "8867-4", "/min", 60 + number % 7 * 5, effective: 3, issued: 3),
        // Drawn on the second day, but its result came out at discharge.
        Observation(number, "lactate", "2524-7", "mmol/L", died ? 9 : 1, effective: 40, issued: 120),
        // Known as 1.0 for everybody, and corrected after the death.
        Observation(number, "creatinine", "2160-0", "mg/dL", 1, effective: 20, issued: 21),
        Observation(number, "creatinine", "2160-0", "mg/dL", died ? 8 : 1, effective: 20, issued: 21, correctedAt: 121),
        // A diagnosis coded at discharge with an onset during the stay.
        Fact($$$"""
            {"resourceType":"Condition","id":"c{{{number}}}","subject":{"reference":"Patient/p{{{number}}}"},"onsetDateTime":"{{{At(30)}}}","recordedDate":"{{{At(120)}}}",
             "code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10-cm","code":"{{{(died ? "R57.0" : "Z76.0")}}}"}]}}
            """),
    ];

    /// <summary>The same facts for somebody who takes every time of truth for a time of knowledge: the mistake that the sets must not make.</summary>
    public static Fact IgnoringAvailability(Fact fact)
    {
        if (fact.Entries.IsEmpty) return fact;
        var entries = fact.Entries.Select(e => e is Demographics ? e : e with { Available = e.Effective });
        return fact with { Entries = [.. entries], Available = fact.Entries.Min(e => e is Demographics ? e.Available : e.Effective) };
    }

    private static Fact Observation(int patient, string name, string loinc, string unit, double value, double effective, double issued, double? correctedAt = null) => Fact($$$"""
        {"resourceType":"Observation","id":"{{{name}}}-{{{patient}}}","status":"{{{(correctedAt is null ? "final" : "corrected")}}}",
         "meta":{"versionId":"{{{(correctedAt is null ? 1 : 2)}}}","lastUpdated":"{{{At(correctedAt ?? issued)}}}"},
         "code":{"coding":[{"system":"http://loinc.org","code":"{{{loinc}}}"}]},"subject":{"reference":"Patient/p{{{patient}}}"},
         "effectiveDateTime":"{{{At(effective)}}}","issued":"{{{At(issued)}}}",
         "valueQuantity":{"value":{{{value.ToString(CultureInfo.InvariantCulture)}}},"system":"http://unitsofmeasure.org","code":"{{{unit}}}"}}
        """);

    private static Fact Fact(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Assert.IsType<ReadResource.Used>(Reader.Read(document.RootElement, ReadClock.History, Imported, ReferenceScope.Empty)).Fact.Fact;
    }

    private static string At(double hour) => Hour(hour).ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
