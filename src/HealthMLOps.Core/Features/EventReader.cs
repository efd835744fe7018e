using HealthMLOps.Clinical;

namespace HealthMLOps.Features;

/// <summary>Counts problems, drugs and procedures of one timeline; each resource counts once.</summary>
internal sealed class EventReader(Timeline timeline, long asOfTicks, long knownTicks, Func<EncounterStay?> encounter)
{
    private readonly HashSet<ResourceKey> _ended = [];
    private readonly HashSet<ResourceKey> _counted = [];

    /// <summary>How many there are, and when the newest of them began.</summary>
    public (int Count, long NewestTicks) Read(EventSelection selection, ICollection<TimelineEntry>? used = null)
    {
        _ended.Clear();
        _counted.Clear();
        var (from, before) = (0L, asOfTicks + 1);
        if (selection.When == EventTime.BegunInWindow)
        {
            if (selection.Window.At(asOfTicks, encounter()) is not { } window) return (0, 0);
            (from, before) = window;
        }
        var entries = timeline.UpTo(new SeriesKey(selection.Kind, ""), asOfTicks);
        if (selection.When == EventTime.ActiveAtAsOf)
            foreach (ref readonly var entry in entries)
                if (IsKnown(entry) && ((ClinicalEvent)entry.Said).Phase == EventPhase.End) _ended.Add(entry.Resource);

        var newestTicks = 0L;
        foreach (ref readonly var entry in entries)
        {
            if (!IsKnown(entry) || entry.EffectiveTicks < from || entry.EffectiveTicks >= before || _ended.Contains(entry.Resource)) continue;
            if (!Counts((ClinicalEvent)entry.Said, selection) || !_counted.Add(entry.Resource)) continue;
            newestTicks = entry.EffectiveTicks;
            used?.Add(entry);
        }
        return (_counted.Count, newestTicks);
    }

    private bool IsKnown(in TimelineEntry entry) => entry.AvailableTicks <= knownTicks;

    private static bool Counts(ClinicalEvent said, EventSelection selection)
    {
        var isBeginning = said.Phase == EventPhase.Start || (said.Phase == EventPhase.Point && selection.When == EventTime.BegunInWindow);
        if (!isBeginning || !CodePattern.AnyMatches(selection.Codes, said.Codes)) return false;
        if (selection.Categories.IsEmpty) return true;
        foreach (var category in said.Categories)
            if (selection.Categories.Contains(category)) return true;
        return false;
    }
}
