using System.Globalization;
using System.Text;

namespace HealthMLOps.Tests.Benchmarks;

/// <summary>FHIR text of a generated ward: the same numbers give the same bytes.</summary>
internal static class AWard
{
    public const string Source = "general-hospital";

    /// <summary>Observations of one imported patient: about what two days of intensive care give.</summary>
    public const int ImportedEach = 400;

    private static readonly (string Loinc, string Name, string Unit, double Middle, double Spread)[] Measured =
    [
        ("8867-4", "Heart rate", "/min", 85, 20), ("9279-1", "Respiratory rate", "/min", 18, 5), ("8480-6", "Systolic blood pressure", "mm[Hg]", 122, 20),
        ("8462-4", "Diastolic blood pressure", "mm[Hg]", 70, 12), ("8310-5", "Body temperature", "Cel", 37.1, 0.6), ("59408-5", "Oxygen saturation", "%", 96, 3),
        ("2160-0", "Creatinine", "mg/dL", 1.1, 0.4), ("2951-2", "Sodium", "mmol/L", 139, 4), ("2823-3", "Potassium", "mmol/L", 4.1, 0.4), ("2345-7", "Glucose", "mg/dL", 130, 30),
    ];

    public static string Patient(string id) => $$"""{"resourceType":"Patient","id":"{{id}}","gender":"female","birthDate":"1950-06-01"}""";

    public static string Stay(string patient, DateTimeOffset start, DateTimeOffset? end, bool died) => $$$"""
        {"resourceType":"Encounter","id":"e-{{{patient}}}","status":"{{{(end is null ? "in-progress" : "finished")}}}","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"IMP"},"subject":{"reference":"Patient/{{{patient}}}"},"period":{"start":"{{{At(start)}}}"{{{(end is { } at ? $",\"end\":\"{At(at)}\"" : "")}}}},"hospitalization":{"dischargeDisposition":{"coding":[{"code":"{{{(died ? "exp" : "home")}}}"}]}} }
        """.ReplaceLineEndings("");

    /// <summary>The patient's n-th observation. About 620 bytes, as EHRs send it.</summary>
    /// <param name="shift">How far the patient's values stand from the middle, in spreads.</param>
    public static string Observation(string patient, int number, DateTimeOffset at, double shift = 0)
    {
        var what = Measured[number % Measured.Length];
        var noise = Math.Sin(number * 12.9898 + patient.Length + patient[^1]) * 0.5;
        var value = Math.Round(what.Middle + (noise + shift) * what.Spread * 0.5, 2).ToString(CultureInfo.InvariantCulture);
        return $$$"""{"resourceType":"Observation","id":"o-{{{patient}}}-{{{number}}}","status":"final","category":[{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs"}]}],"code":{"coding":[{"system":"http://loinc.org","code":"{{{what.Loinc}}}","display":"{{{what.Name}}}"}]},"subject":{"reference":"Patient/{{{patient}}}"},"encounter":{"reference":"Encounter/e-{{{patient}}}"},"effectiveDateTime":"{{{At(at)}}}","issued":"{{{At(at)}}}","valueQuantity":{"value":{{{value}}},"unit":"{{{what.Unit}}}","system":"http://unitsofmeasure.org","code":"{{{what.Unit}}}"}}""";
    }

    /// <summary>A topic-based notification of one new observation, content full-resource.</summary>
    public static byte[] Notification(string patient, int number, DateTimeOffset at)
    {
        var url = $"http://ehr.example/fhir/Observation/o-{patient}-{number}";
        return Encoding.UTF8.GetBytes($$$"""
            {"resourceType":"Bundle","type":"history","timestamp":"{{{At(at)}}}","entry":[{"fullUrl":"urn:uuid:00000000-0000-4000-8000-000000000001","resource":{"resourceType":"Parameters","parameter":[{"name":"subscription","valueReference":{"reference":"http://ehr.example/fhir/Subscription/s1"} },{"name":"topic","valueCanonical":"http://hl7.org/fhir/us/core/SubscriptionTopic/patient-data-feed"},{"name":"status","valueCode":"active"},{"name":"type","valueCode":"event-notification"},{"name":"events-since-subscription-start","valueString":"{{{number}}}"},{"name":"notification-event","part":[{"name":"event-number","valueString":"{{{number}}}"},{"name":"timestamp","valueInstant":"{{{At(at)}}}"},{"name":"focus","valueReference":{"reference":"Observation/o-{{{patient}}}-{{{number}}}"} }]}]} },{"fullUrl":"{{{url}}}","resource":{{{Observation(patient, number, at)}}},"request":{"method":"POST","url":"Observation"},"response":{"status":"201"} }]}
            """);
    }

    /// <summary>Lines of one patient: herself, her stay, and observations ten to a moment.</summary>
    public static IEnumerable<string> Lines(string patient, DateTimeOffset start, DateTimeOffset? end, int observations, TimeSpan step, bool died = false)
    {
        yield return Patient(patient);
        yield return Stay(patient, start, end, died);
        for (var i = 0; i < observations; i++) yield return Observation(patient, i, start + i / Measured.Length * step, died ? 2 : 0);
    }

    private static string At(DateTimeOffset at) => at.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture);
}
