using HealthMLOps.Clinical;

namespace HealthMLOps.Intake;

/// <summary>Reads Condition: a problem from its onset to its abatement.</summary>
internal static class ConditionReader
{
    public static Reported Read(Reading reading)
    {
        var root = reading.Root;
        var clinical = reading.Codes(root.Child("clinicalStatus")) is [var c, ..] ? c.Code : null;
        var verification = reading.Codes(root.Child("verificationStatus")) is [var v, ..] ? v.Code : null;
        var condition = new Reported(ClinicalEvents.Patient(reading, "subject"), clinical) { Encounter = reading.EncounterKey() };
        if (verification == "entered-in-error")
        {
            reading.IsCorrection = true;
            return condition.Retracted();
        }
        if (verification == "refuted") return condition.Unused("verification-refuted");
        var recorded = reading.Time(root, "recordedDate");
        var effective = (reading.Time(root, "onsetDateTime") ?? PeriodStart(reading, "onsetPeriod") ?? recorded)?.Earliest ?? reading.WrittenAt;
        var start = ClinicalEvents.Started(ClinicalEventKind.Condition, reading.Codes(root.Child("code")), effective, reading.KnownFrom(effective, recorded?.Latest))
            with { Categories = ClinicalEvents.Categories(reading) };
        if ((reading.Time(root, "abatementDateTime") ?? PeriodEnd(reading, "abatementPeriod")) is { } abated)
            return condition with { Entries = [start, LaterOf(ClinicalEvents.EndedAt(reading, start, abated), start)] };
        var isOver = clinical is "inactive" or "resolved" or "remission" || root.Has("abatementString"u8) || root.Has("abatementAge"u8) || root.Has("abatementRange"u8);
        return condition with { Entries = isOver ? [start, ClinicalEvents.EndedSomeTime(reading, start)] : [start] };
    }

    /// <summary>An end was not known before the problem itself was.</summary>
    private static ClinicalEvent LaterOf(ClinicalEvent end, ClinicalEvent start) =>
        end.Available < start.Available || start.Available is null ? end with { Available = start.Available } : end;

    private static FhirTime? PeriodStart(Reading reading, string name) =>
        reading.Root.Child(name) is { } period ? reading.Time(period, "start") : null;

    private static FhirTime? PeriodEnd(Reading reading, string name) =>
        reading.Root.Child(name) is { } period ? reading.Time(period, "end") ?? reading.Time(period, "start") : null;
}
