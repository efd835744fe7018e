using System.Runtime.InteropServices;

namespace HealthMLOps.Clinical;

/// <summary>One series in the making.</summary>
internal sealed class SeriesDraft
{
    /// <summary>How far back we look for an entry that says the same; sharing saves memory and means nothing.</summary>
    private const int SharedSearchMax = 64;

    private TimelineEntry? _floor;

    public SeriesDraft(SeriesKey key, TimelineSeries? before, int countMax)
    {
        Key = key;
        Entries = before is null ? [] : new List<TimelineEntry>(before.Entries.Length + 1);
        if (before is null) return;
        Entries.AddRange(before.Entries.AsSpan());
        HasDropped = before.HasDropped;
        // A series that dropped and is not full lost its oldest to the bound on all series, which has its own floor.
        if (HasDropped && Entries.Count == countMax) _floor = Entries[0];
    }

    public SeriesKey Key { get; }

    /// <summary>Sorted, oldest first.</summary>
    public List<TimelineEntry> Entries { get; }
    public bool HasDropped { get; private set; }
    public bool HasRemoved { get; private set; }

    /// <summary>False where it is older than what had to go before.</summary>
    public bool Insert(TimelineEntry entry)
    {
        if (_floor is { } floor && entry.ComparedTo(floor) < 0)
        {
            HasDropped = true;
            return false;
        }
        var place = Entries.Count;
        if (place > 0 && entry.ComparedTo(Entries[place - 1]) < 0) place = ~Entries.BinarySearch(entry, TimelineEntry.OldestFirst);
        Entries.Insert(place, entry);
        return true;
    }

    public TimelineEntry DropOldest()
    {
        var oldest = Entries[0];
        Entries.RemoveAt(0);
        HasDropped = true;
        _floor = oldest;
        return oldest;
    }

    public void Remove(ResourceKey resource) =>
        HasRemoved |= Entries.RemoveAll(entry => entry.Resource == resource) > 0;

    /// <summary>The entry's words, shared with a recent entry that says the same.</summary>
    public Entry Shared(Entry entry) => Shared(CollectionsMarshal.AsSpan(Entries), entry);

    public static Entry Shared(ReadOnlySpan<TimelineEntry> entries, Entry entry)
    {
        for (var i = entries.Length - 1; i >= Math.Max(0, entries.Length - SharedSearchMax); i--)
            if (TimelineWords.Same(entries[i].Said, entry)) return entries[i].Said;
        return TimelineWords.Bare(entry);
    }
}
