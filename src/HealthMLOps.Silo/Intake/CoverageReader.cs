using HealthMLOps.Clinical;

namespace HealthMLOps.Intake;

/// <summary>Reads Coverage: who pays, from when to when. No Coverage means unknown, not uninsured.</summary>
internal static class CoverageReader
{
    private static readonly string[] Statuses = ["active", "cancelled", "draft", "entered-in-error"];

    public static Reported Read(Reading reading)
    {
        var root = reading.Root;
        var status = reading.Status("status", Statuses);
        var coverage = new Reported(ClinicalEvents.Patient(reading, "beneficiary"), status);
        if (status == "entered-in-error")
        {
            reading.IsCorrection = true;
            return coverage.Retracted();
        }
        if (status != "active") return coverage.Unused($"status-{status}");
        var period = root.Child("period");
        var began = period is { } p ? reading.Time(p, "start") : null;
        var effective = began?.Earliest ?? reading.WrittenAt;
        var start = ClinicalEvents.Started(ClinicalEventKind.Coverage, reading.Codes(root.Child("type")), effective, reading.Known(began?.Latest));
        return period is { } q && reading.Time(q, "end") is { } end
            ? coverage with { Entries = [start, ClinicalEvents.EndedAt(reading, start, end)] }
            : coverage with { Entries = [start] };
    }
}
