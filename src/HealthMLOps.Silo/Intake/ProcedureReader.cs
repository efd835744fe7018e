using System.Collections.Immutable;
using HealthMLOps.Clinical;

namespace HealthMLOps.Intake;

/// <summary>Reads Procedure: done at one time, or from a start to an end.</summary>
internal static class ProcedureReader
{
    private static readonly string[] Statuses = ["preparation", "in-progress", "not-done", "on-hold", "stopped", "completed", "entered-in-error", "unknown"];

    public static Reported Read(Reading reading)
    {
        var root = reading.Root;
        var status = reading.Status("status", Statuses);
        var procedure = new Reported(ClinicalEvents.Patient(reading, "subject"), status) { Encounter = reading.EncounterKey() };
        if (status == "entered-in-error")
        {
            reading.IsCorrection = true;
            return procedure.Retracted();
        }
        if (status is "preparation" or "not-done" or "unknown") return procedure.Unused($"status-{status}");
        return procedure with { Entries = Entries(reading) };
    }

    private static ImmutableArray<Entry> Entries(Reading reading)
    {
        var root = reading.Root;
        var codes = reading.Codes(root.Child("code"));
        var category = reading.Codes(root.Child("category")).Select(c => c.Code);
        var period = root.Child("performedPeriod");
        var start = period is { } p ? reading.Time(p, "start") : null;
        var end = period is { } q ? reading.Time(q, "end") : null;
        var at = reading.Time(root, "performedDateTime") ?? start ?? end;
        var effective = at?.Earliest ?? reading.WrittenAt;
        var began = new ClinicalEvent
        {
            Kind = ClinicalEventKind.Procedure, Phase = start is null ? EventPhase.Point : EventPhase.Start, Codes = codes,
            Effective = effective, Available = reading.KnownFrom(effective, (end ?? at)?.Latest), Categories = [.. category],
        };
        return start is not null && end is { } ended ? [began, ClinicalEvents.EndedAt(reading, began, ended)] : [began];
    }
}
