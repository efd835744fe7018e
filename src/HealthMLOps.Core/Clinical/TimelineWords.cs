using System.Collections.Immutable;
using System.Diagnostics;

namespace HealthMLOps.Clinical;

/// <summary>What entries say apart from times and numbers, so that those who say the same can share it.</summary>
internal static class TimelineWords
{
    /// <summary>The series an entry belongs to: its concept, else its first code by spelling, else its kind of event.</summary>
    public static SeriesKey SeriesOf(Entry entry) => entry switch
    {
        Measurement { Concept: { } concept } => new(SeriesKind.Measurement, concept),
        Measurement said => new(SeriesKind.Measurement, FirstCode(said.Codes)),
        ClinicalEvent said => new(KindOf(said.Kind), ""),
        EncounterEvent => new(SeriesKind.Encounter, ""),
        Demographics => new(SeriesKind.Demographics, ""),
        Death => new(SeriesKind.Death, ""),
        _ => throw new UnreachableException(),
    };

    public static SeriesKind KindOf(ClinicalEventKind kind) => kind switch
    {
        ClinicalEventKind.Condition => SeriesKind.Condition,
        ClinicalEventKind.MedicationOrder => SeriesKind.MedicationOrder,
        ClinicalEventKind.MedicationGiven => SeriesKind.MedicationGiven,
        ClinicalEventKind.ServiceOrder => SeriesKind.ServiceOrder,
        ClinicalEventKind.Procedure => SeriesKind.Procedure,
        ClinicalEventKind.Coverage => SeriesKind.Coverage,
        _ => throw new UnreachableException(),
    };

    /// <summary>The entry without times, number and flags.</summary>
    public static Entry Bare(Entry entry) => entry switch
    {
        Measurement said => said with { Effective = default, Available = null, Value = null, Flags = MeasurementFlags.None },
        ClinicalEvent said => said with { Effective = default, Available = null, Dose = null },
        _ => entry with { Effective = default, Available = null },
    };

    public static double? NumberOf(Entry entry) => entry switch
    {
        Measurement said => said.Value,
        ClinicalEvent said => said.Dose,
        _ => null,
    };

    /// <summary>Whether two entries say the same apart from times, number and flags.</summary>
    public static bool Same(Entry a, Entry b) => ReferenceEquals(a, b) || (a, b) switch
    {
        (Measurement x, Measurement y) => x.Concept == y.Concept && x.Unit == y.Unit && x.AbsentReason == y.AbsentReason
            && Same(x.Codes, y.Codes) && Same(x.CodedValue, y.CodedValue),
        (ClinicalEvent x, ClinicalEvent y) => x.Kind == y.Kind && x.Phase == y.Phase && x.DoseUnit == y.DoseUnit
            && Same(x.Codes, y.Codes) && Same(x.Categories, y.Categories),
        (EncounterEvent x, EncounterEvent y) => x.Step == y.Step && x.Class == y.Class && x.Unit == y.Unit && x.Disposition == y.Disposition,
        (Demographics x, Demographics y) => x.Birth == y.Birth && x.Sex == y.Sex && x.Ethnicity == y.Ethnicity && Same(x.Race, y.Race),
        (Death, Death) => true,
        _ => false,
    };

    private static bool Same<T>(ImmutableArray<T> a, ImmutableArray<T> b) => a == b || a.AsSpan().SequenceEqual(b.AsSpan());

    private static string FirstCode(ImmutableArray<Coding> codes)
    {
        var first = "";
        foreach (var code in codes)
        {
            var spelled = $"{code.System}|{code.Code}";
            if (first.Length == 0 || string.CompareOrdinal(spelled, first) < 0) first = spelled;
        }
        return first;
    }
}
