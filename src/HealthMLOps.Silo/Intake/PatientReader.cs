using System.Collections.Immutable;
using HealthMLOps.Clinical;

namespace HealthMLOps.Intake;

/// <summary>Reads Patient: demographics, death, and links to other records of the same person.</summary>
internal static class PatientReader
{
    private const string UsCore = "http://hl7.org/fhir/us/core/StructureDefinition/";
    private static readonly string[] Sexes = ["male", "female", "other", "unknown"];

    public static Reported Read(Reading reading)
    {
        var root = reading.Root;
        var patient = new ResolvedReference("Patient", reading.Id);
        var sex = root.Text("gender");
        if (sex is not null && !Sexes.Contains(sex)) throw root.Wrong(RefusalCodes.WrongValue, "gender", "expected one of male, female, other, unknown");
        var demographics = new Demographics
        {
            Effective = DateTimeOffset.MinValue,
            Available = reading.Clock == ReadClock.Live ? reading.Recorded : DateTimeOffset.MinValue,
            Birth = Birth(root), Sex = sex,
            Race = Categories(root, "us-core-race"), Ethnicity = Categories(root, "us-core-ethnicity").FirstOrDefault(),
        };
        var death = Death(reading);
        return new Reported(patient, null)
        {
            Entries = death is null ? [demographics] : [demographics, death],
            Links = [.. root.List("link").Select(link => Link(reading, link)).OfType<PatientLink>()],
            PatientActive = root.Truth("active"),
        };
    }

    private static PartialDate? Birth(Node root) => root.Text("birthDate") is not { } text ? null
        : FhirTime.Partial(text) ?? throw root.Wrong(RefusalCodes.WrongValue, "birthDate", "expected a date such as 1950, 1950-02 or 1950-02-03");

    private static Death? Death(Reading reading)
    {
        if (reading.Time(reading.Root, "deceasedDateTime") is { } at)
            return new Death { Effective = at.Earliest, Available = reading.Known(at.Latest) };
        // Dead, but not since when: known no earlier than it was written.
        return reading.Root.Truth("deceasedBoolean") == true
            ? new Death { Effective = reading.WrittenAt, Available = reading.Known(null) }
            : null;
    }

    private static ImmutableArray<string> Categories(Node root, string name)
    {
        var codes = ImmutableArray.CreateBuilder<string>();
        foreach (var extension in root.List("extension"))
        {
            if (extension.Text("url") is not { } url || !url.StartsWith(UsCore, StringComparison.Ordinal) || !url.EndsWith(name, StringComparison.Ordinal)) continue;
            foreach (var part in extension.List("extension"))
                if (part.Text("url") == "ombCategory" && part.Child("valueCoding")?.Text("code") is { } code) codes.Add(code);
        }
        return codes.DrainToImmutable();
    }

    private static PatientLink? Link(Reading reading, Node link)
    {
        if (reading.Reference(link, "other") is not { Type: "Patient" } other) return null;
        var keys = reading.Keys;
        return new PatientLink(link.RequiredText("type"), other.Id, keys.Patient(reading.Source.Name, other.Id), keys.Seal(reading.Source.Name, "Patient", other.Id));
    }
}
