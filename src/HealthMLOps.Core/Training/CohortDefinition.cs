using System.Collections.Immutable;

namespace HealthMLOps.Training;

/// <summary>Which moments of which stays become examples, as data (<c>config/cohorts/*.json</c>).</summary>
public sealed record CohortDefinition
{
    public required string Name { get; init; }
    public string? Title { get; init; }

    /// <summary>Encounter classes that are chosen.</summary>
    public ImmutableArray<string> Classes { get; init; } = ["IMP"];
    public required IndexTimes IndexTimes { get; init; }

    /// <summary>Completed years at the index time; younger patients and unknown ages are left out. 0 = no limit.</summary>
    public int AgeYearsMin { get; init; }

    /// <summary>Units in which no prediction is made (patients already in intensive care).</summary>
    public ImmutableArray<string> ExcludedUnits { get; init; } = [];

    /// <summary>Stays that end this soon after the index time are still examples only if they are longer; zero = no limit.</summary>
    public TimeSpan StayMin { get; init; }

    /// <summary>Moments without any measurement in this time before them are left out: nobody would have been scored. Zero = no limit.</summary>
    public TimeSpan MeasuredWithin { get; init; }

    /// <summary>The moments of a stay at which a prediction would have been made, in order.</summary>
    public IEnumerable<DateTimeOffset> MomentsOf(Stay stay)
    {
        if (!Classes.Contains(stay.Class)) yield break;
        if (StayMin > TimeSpan.Zero && (stay.End is null || stay.End - stay.Start < StayMin)) yield break;
        foreach (var at in IndexTimes.Of(stay))
            if (!ExcludedUnits.Contains(UnitAt(stay, at) ?? "")) yield return at;
    }

    private static string? UnitAt(Stay stay, DateTimeOffset at)
    {
        string? unit = null;
        foreach (var (moved, to) in stay.Moves)
            if (moved <= at) unit = to;
        return unit;
    }
}
