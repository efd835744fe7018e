using HealthMLOps.Clinical;
using Prometheus;

namespace HealthMLOps.Intake;

/// <summary>Counts what came in, by source and outcome; no patient in a label.</summary>
public static class IntakeMetrics
{
    private static readonly Counter Entries = Metrics.CreateCounter(
        "healthml_intake_entries_total", "FHIR entries taken in, by source and outcome.", "source", "outcome");

    public static void Count(SourceName source, IEnumerable<EntryResult> results)
    {
        foreach (var outcome in results.CountBy(Outcome)) Entries.WithLabels(source.Value, outcome.Key).Inc(outcome.Value);
    }

    private static string Outcome(EntryResult result) => result switch
    {
        EntryResult.Stored { Admission: Admission.Created } => "created",
        EntryResult.Stored { Admission: Admission.Updated } => "updated",
        EntryResult.Stored { Admission: Admission.Repeated } => "repeated",
        EntryResult.Stored { Admission: Admission.Older } => "older",
        EntryResult.Unused => "unused",
        EntryResult.Refused => "quarantined",
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
