using System.Collections.Immutable;
using HealthMLOps.Clinical;

namespace HealthMLOps.Intake;

/// <summary>Start and end entries of problems, drugs and covers.</summary>
internal static class ClinicalEvents
{
    public static ClinicalEvent Started(ClinicalEventKind kind, ImmutableArray<Coding> codes, DateTimeOffset effective, DateTimeOffset? available) =>
        new() { Kind = kind, Phase = EventPhase.Start, Codes = codes, Effective = effective, Available = available };

    /// <summary>The end of what <paramref name="start"/> began, at a date that the resource gives.</summary>
    public static ClinicalEvent EndedAt(Reading reading, ClinicalEvent start, FhirTime end)
    {
        var effective = end.Latest < start.Effective ? start.Effective : end.Latest;
        // Known when it ended at the earliest, even where the resource was first written before.
        return start with { Phase = EventPhase.End, Effective = effective, Available = reading.Known(effective) };
    }

    /// <summary>The end of what is said to be over, without saying since when.</summary>
    /// <remarks>
    /// Live, it ends when we heard of it. Imported, it ends when its server last wrote it; where even that is not sent it ends
    /// where it began, so that something long over never counts as present.
    /// </remarks>
    public static ClinicalEvent EndedSomeTime(Reading reading, ClinicalEvent start)
    {
        var end = reading.Clock == ReadClock.Live ? reading.Recorded : reading.LastUpdated ?? start.Effective;
        if (end < start.Effective) end = start.Effective;
        return start with { Phase = EventPhase.End, Effective = end, Available = reading.Clock == ReadClock.Live ? reading.Recorded : reading.LastUpdated ?? start.Available };
    }

    /// <summary>Category codes of a resource.</summary>
    public static ImmutableArray<string> Categories(Reading reading) =>
        [.. reading.Root.List("category").SelectMany(c => reading.Codes(c)).Select(c => c.Code).Distinct(StringComparer.Ordinal)];

    public static ResolvedReference Patient(Reading reading, string name) =>
        reading.Reference(reading.Root, name) ?? throw reading.Root.Wrong(RefusalCodes.Required, name, "a reference to a patient is required");
}
