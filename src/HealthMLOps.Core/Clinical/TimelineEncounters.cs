using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace HealthMLOps.Clinical;

/// <summary>An encounter as it stood at a time.</summary>
/// <param name="Resource">The encounter's key.</param>
/// <param name="Start">When the patient was admitted or seen.</param>
/// <param name="End">When the patient left; null = open.</param>
/// <param name="Class">The class it has or last had ("IMP", "EMER", "AMB").</param>
/// <param name="Unit">The unit the patient is or last was in.</param>
/// <param name="Disposition">Where the patient went; null while open or unknown.</param>
/// <param name="Classes">Every class it has had, in order.</param>
[Immutable]
public sealed record EncounterStay(
    ResourceKey Resource, DateTimeOffset Start, DateTimeOffset? End, string? Class, string? Unit, string? Disposition, ImmutableArray<string> Classes)
{
    /// <summary>ActCode classes of a stay in a bed.</summary>
    public static ImmutableArray<string> InpatientClasses { get; } = ["IMP", "ACUTE", "NONAC", "OBSENC", "SS"];

    public bool IsInpatient => Class is { } name && InpatientClasses.Contains(name);

    public override string ToString() => "[encounter stay]";
}

/// <summary>A patient's encounters, as true at one time and known at another.</summary>
public static class TimelineEncounters
{
    /// <summary>All encounters that had begun, by start and key.</summary>
    public static ImmutableArray<EncounterStay> Encounters(this Timeline timeline, DateTimeOffset asOf, DateTimeOffset knownAt)
    {
        var entries = timeline.UpTo(new SeriesKey(SeriesKind.Encounter, ""), asOf.UtcTicks);
        if (entries.IsEmpty) return [];
        var stays = new Dictionary<ResourceKey, EncounterStay>();
        foreach (ref readonly var entry in entries)
        {
            if (entry.AvailableTicks > knownAt.UtcTicks) continue;
            var at = new DateTimeOffset(entry.EffectiveTicks, TimeSpan.Zero);
            ref var stay = ref CollectionsMarshal.GetValueRefOrAddDefault(stays, entry.Resource, out var isKnown);
            var said = (EncounterEvent)entry.Said;
            // A step before the admission can't be placed: bounded memory dropped the admission, or the EHR sent none.
            if (!isKnown && said.Step != EncounterStep.Admitted) { stays.Remove(entry.Resource); continue; }
            stay = After(stay ?? new EncounterStay(entry.Resource, at, null, null, null, null, []), said, at);
        }
        return [.. stays.Values.OrderBy(stay => stay.Start).ThenBy(stay => stay.Resource)];
    }

    /// <summary>The open encounter; of several an inpatient one, then the one begun last.</summary>
    public static EncounterStay? OpenEncounter(this Timeline timeline, DateTimeOffset asOf, DateTimeOffset knownAt) =>
        Open(timeline.Encounters(asOf, knownAt));

    public static EncounterStay? Open(ImmutableArray<EncounterStay> encounters)
    {
        EncounterStay? open = null;
        foreach (var stay in encounters)
            if (stay.End is null && (open is null || stay.IsInpatient || !open.IsInpatient)) open = stay;
        return open;
    }

    /// <summary>The inpatient stay in question: the open one, else the one that ended last.</summary>
    public static EncounterStay? IndexStay(ImmutableArray<EncounterStay> encounters)
    {
        if (Open(encounters) is { IsInpatient: true } open) return open;
        EncounterStay? last = null;
        foreach (var stay in encounters)
            if (stay.IsInpatient && stay.End is { } end && (last is null || end >= last.End)) last = stay;
        return last;
    }

    private static EncounterStay After(EncounterStay stay, EncounterEvent said, DateTimeOffset at) => stay with
    {
        End = said.Step == EncounterStep.Discharged ? at : stay.End,
        Class = said.Class ?? stay.Class,
        Unit = said.Unit ?? stay.Unit,
        Disposition = said.Disposition ?? stay.Disposition,
        Classes = said.Class is { } name && !stay.Classes.Contains(name) ? stay.Classes.Add(name) : stay.Classes,
    };
}
