using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace HealthMLOps.Clinical;

/// <summary>Builds a timeline from all of a patient's facts at once, whatever their order.</summary>
internal static class TimelineRebuild
{
    public static Timeline Bounded(IEnumerable<Fact> facts, TimelineBounds bounds) => Build(facts, bounds, long.MaxValue, isBounded: true);

    public static Timeline AsKnownAt(IEnumerable<Fact> facts, long knownAtTicks, TimelineBounds bounds) =>
        Build(facts.Where(fact => fact.Available is null || fact.Available.Value.UtcTicks <= knownAtTicks), bounds, knownAtTicks, isBounded: false);

    private static Timeline Build(IEnumerable<Fact> facts, TimelineBounds bounds, long knownToTicks, bool isBounded)
    {
        var memory = TimelineMemory.Live with { KnownToTicks = isBounded ? long.MaxValue : knownToTicks };
        var formers = ImmutableDictionary.CreateBuilder<ResourceKey, ImmutableArray<ulong>>();
        var resources = new Dictionary<ResourceKey, HeldResource>();
        var entries = new Dictionary<SeriesKey, List<TimelineEntry>>();
        foreach (var versions in facts.GroupBy(fact => fact.Resource))
        {
            var distinct = Distinct(versions);
            foreach (var fact in distinct) memory = memory.Known(fact.Available);
            var stands = distinct.MaxBy(fact => fact.Version)!;
            var contents = distinct.Where(fact => fact.IsUnversioned() && !ReferenceEquals(fact, stands)).Select(fact => fact.Version.ContentHash);
            if (contents.Any()) formers.Add(versions.Key, Contents(contents, bounds));
            var isUsable = Gather(stands, knownToTicks, entries);
            resources.Add(versions.Key, new HeldResource(versions.Key, stands.Version, 0, stands.IsUnversioned(), !isUsable));
        }

        var series = entries.OrderBy(one => one.Key).Select(one => Series(one.Key, one.Value, isBounded ? bounds.CountMax(one.Key.Kind) : int.MaxValue)).ToImmutableArray();
        if (isBounded && OverflowTicks(series, bounds.EntriesMax) is > 0 and var overflowTicks)
        {
            memory = memory with { OverflowTicks = overflowTicks };
            series = [.. series.Select(one => Since(one, overflowTicks)).Where(one => !one.Entries.IsEmpty)];
        }
        foreach (var one in series)
            foreach (var entry in one.Entries) CollectionsMarshal.GetValueRefOrNullRef(resources, entry.Resource) = Counted(resources[entry.Resource]);
        memory = Forget(resources, formers, bounds, isBounded, memory);
        return new Timeline(bounds, series, TimelineResources.Of(resources.Values), formers.ToImmutable(), memory);
    }

    /// <summary>Each version once as it first arrived; of contents without versions the first arrival.</summary>
    private static List<Fact> Distinct(IEnumerable<Fact> versions) =>
        [.. versions.GroupBy(fact => fact.IsUnversioned() ? new ResourceVersion(-1, 0, fact.Version.ContentHash) : fact.Version)
            .Select(same => same.MinBy(fact => (fact.Version, fact.Recorded))!)];

    private static bool Gather(Fact fact, long knownToTicks, Dictionary<SeriesKey, List<TimelineEntry>> entries)
    {
        var isUsable = false;
        for (var index = 0; index < fact.Entries.Length; index++)
        {
            if (AvailableTicks(fact, fact.Entries[index]) is not { } availableTicks || availableTicks > knownToTicks) continue;
            isUsable = true;
            var key = TimelineWords.SeriesOf(fact.Entries[index]);
            ref var series = ref CollectionsMarshal.GetValueRefOrAddDefault(entries, key, out _);
            series ??= [];
            series.Add(Entry(fact, index, availableTicks, SeriesDraft.Shared(CollectionsMarshal.AsSpan(series), fact.Entries[index])));
        }
        return isUsable;
    }

    private static TimelineSeries Series(SeriesKey key, List<TimelineEntry> entries, int countMax)
    {
        entries.Sort(TimelineEntry.OldestFirst);
        var dropped = Math.Max(0, entries.Count - countMax);
        return new TimelineSeries(key, [.. CollectionsMarshal.AsSpan(entries)[dropped..]], dropped > 0);
    }

    private static TimelineSeries Since(TimelineSeries series, long overflowTicks)
    {
        if (!CanOverflow(series.Key.Kind)) return series;
        var from = TimelineSeries.FirstFrom(series.Entries.AsSpan(), overflowTicks + 1);
        return from == 0 ? series : new TimelineSeries(series.Key, series.Entries[from..], hasDropped: true);
    }

    private static HeldResource Counted(HeldResource resource) => resource with { EntryCount = resource.EntryCount + 1 };

    private static TimelineMemory Forget(
        Dictionary<ResourceKey, HeldResource> resources, ImmutableDictionary<ResourceKey, ImmutableArray<ulong>>.Builder formers,
        TimelineBounds bounds, bool isBounded, TimelineMemory memory)
    {
        var forgotten = resources.Values.Where(resource => !resource.IsEmpty && resource.EntryCount == 0).ToList();
        var empties = resources.Values.Where(resource => resource.IsEmpty).OrderByDescending(resource => (resource.Version, resource.Key)).ToList();
        if (isBounded && empties.Count > bounds.EmptyResourcesMax)
        {
            memory = memory with { HasForgottenEmpties = true };
            forgotten.AddRange(empties.Skip(bounds.EmptyResourcesMax));
        }
        foreach (var resource in forgotten)
        {
            resources.Remove(resource.Key);
            memory = memory.Forgetting(resource.Version);
            if (formers.Remove(resource.Key) || resource.IsUnversioned) memory = memory with { HasForgottenContents = true };
        }
        return memory;
    }

    /// <summary>When an entry could have been known: once its version and itself could; null = never, 0 = always.</summary>
    public static long? AvailableTicks(Fact fact, Entry entry) =>
        fact.Standing == FactStanding.Active && fact.Available is { } version && entry.Available is { } own
            ? Math.Max(version.UtcTicks, own.UtcTicks)
            : null;

    public static TimelineEntry Entry(Fact fact, int index, long availableTicks, Entry said)
    {
        var entry = fact.Entries[index];
        var flags = entry is Measurement measurement ? measurement.Flags : MeasurementFlags.None;
        return new TimelineEntry(fact.Resource, index, entry.Effective.UtcTicks, availableTicks, TimelineWords.NumberOf(entry), flags, said);
    }

    /// <summary>The hashes remembered of former contents: ascending, the least ones where there are too many.</summary>
    public static ImmutableArray<ulong> Contents(IEnumerable<ulong> hashes, TimelineBounds bounds) =>
        [.. hashes.Distinct().Order().Take(bounds.ContentsPerResourceMax)];

    /// <summary>Who the patient is and whether they died never gives way to measurements.</summary>
    public static bool CanOverflow(SeriesKind kind) => kind is not (SeriesKind.Demographics or SeriesKind.Death);

    /// <summary>The least time such that the entries after it fit; 0 where all fit.</summary>
    public static long OverflowTicks(ImmutableArray<TimelineSeries> series, int entriesMax)
    {
        var count = 0;
        foreach (var one in series)
            if (CanOverflow(one.Key.Kind)) count += one.Entries.Length;
        if (count <= entriesMax) return 0;
        var ticks = new List<long>(count);
        foreach (var one in series)
            if (CanOverflow(one.Key.Kind))
                foreach (var entry in one.Entries) ticks.Add(entry.EffectiveTicks);
        ticks.Sort();
        return ticks[count - entriesMax - 1];
    }
}
