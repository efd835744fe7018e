using System.Collections.Immutable;
using HealthMLOps.Clinical;

namespace HealthMLOps.Training;

/// <summary>One encounter as it is known in hindsight: what cohorts choose from and labels are read off.</summary>
/// <param name="Encounter">The encounter's resource.</param>
/// <param name="Class">Its highest class: "IMP" if it ever was inpatient.</param>
/// <param name="Start">When it began.</param>
/// <param name="InpatientFrom">When it became inpatient; null where it never did.</param>
/// <param name="End">When it ended; null while open.</param>
/// <param name="Disposition">Discharge disposition code, where known.</param>
/// <param name="Moves">Units entered, in order of time.</param>
public sealed record Stay(
    ResourceKey Encounter, string Class, DateTimeOffset Start, DateTimeOffset? InpatientFrom, DateTimeOffset? End, string? Disposition,
    ImmutableArray<(DateTimeOffset At, string Unit)> Moves)
{
    private const string Inpatient = "IMP";

    /// <summary>The stays that the newest versions of a patient's encounters tell of, by start.</summary>
    public static ImmutableArray<Stay> Of(IEnumerable<Fact> facts) =>
        [.. Newest(facts).Select(Read).OfType<Stay>().OrderBy(s => s.Start).ThenBy(s => s.Encounter)];

    /// <summary>The newest standing version of each resource.</summary>
    public static IEnumerable<Fact> Newest(IEnumerable<Fact> facts) =>
        facts.GroupBy(f => f.Resource).Select(versions => versions.MaxBy(f => f.Version)!).Where(f => f.Standing == FactStanding.Active);

    private static Stay? Read(Fact fact)
    {
        var steps = fact.Entries.OfType<EncounterEvent>().OrderBy(e => e.Effective).ToList();
        var admitted = steps.FirstOrDefault(s => s.Step == EncounterStep.Admitted);
        if (admitted is null) return null;
        var classes = steps.Where(s => s.Class is not null).ToList();
        var inpatient = classes.FirstOrDefault(s => s.Class == Inpatient);
        var ended = steps.LastOrDefault(s => s.Step == EncounterStep.Discharged);
        return new Stay(fact.Resource, inpatient is null ? classes.LastOrDefault()?.Class ?? "" : Inpatient, admitted.Effective,
            inpatient?.Effective, ended?.Effective, ended?.Disposition,
            [.. steps.Where(s => s.Unit is not null).Select(s => (s.Effective, s.Unit!))]);
    }
}
