using System.Collections.Immutable;
using HealthMLOps.Clinical;

namespace HealthMLOps.Training;

/// <summary>One moment of one stay with its known outcome.</summary>
/// <param name="Encounter">The stay's encounter.</param>
/// <param name="AsOf">The moment: features may use only what was available by then.</param>
/// <param name="Outcome">Whether the outcome came.</param>
public sealed record Example(ResourceKey Encounter, DateTimeOffset AsOf, bool Outcome)
{
    /// <summary>The examples that a patient's facts give, by time.</summary>
    public static IEnumerable<Example> Of(IReadOnlyCollection<Fact> facts, CohortDefinition cohort, LabelDefinition label)
    {
        var newest = Stay.Newest(facts).ToList();
        var entries = newest.SelectMany(f => f.Entries).ToList();
        if (entries.Count == 0) return [];
        var stays = Stay.Of(facts);
        var birth = entries.OfType<Demographics>().FirstOrDefault()?.Birth;
        var died = entries.OfType<Death>().Select(d => (DateTimeOffset?)d.Effective).Min();
        var knownUntil = facts.Max(f => f.Recorded);
        return Moments(stays, cohort)
            .Where(m => OldEnough(birth, m.At, cohort.AgeYearsMin) && Measured(entries, m.At, cohort.MeasuredWithin))
            .Select(m => (m.Stay, m.At, Outcome: label.Of(m.Stay, m.At, stays, died, knownUntil)))
            .Where(m => m.Outcome is not null)
            .Select(m => new Example(m.Stay.Encounter, m.At, m.Outcome!.Value));
    }

    private static IEnumerable<(Stay Stay, DateTimeOffset At)> Moments(ImmutableArray<Stay> stays, CohortDefinition cohort) =>
        stays.SelectMany(stay => cohort.MomentsOf(stay).Select(at => (stay, at)));

    private static bool Measured(List<Entry> entries, DateTimeOffset at, TimeSpan within) =>
        within == TimeSpan.Zero || entries.Exists(e => e is Measurement && e.Effective <= at && e.Effective > at - within && e.Available <= at);

    private static bool OldEnough(PartialDate? birth, DateTimeOffset at, int yearsMin) =>
        yearsMin == 0 || (birth is { } born && born.YearsAt(at) >= yearsMin);
}
