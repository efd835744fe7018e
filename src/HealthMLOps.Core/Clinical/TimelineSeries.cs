using System.Collections.Immutable;

namespace HealthMLOps.Clinical;

/// <summary>What kind of thing a series is a series of.</summary>
public enum SeriesKind
{
    Measurement, Condition, MedicationOrder, MedicationGiven, ServiceOrder, Procedure, Coverage, Encounter, Demographics, Death,
}

/// <summary>Names one series: a concept's or code's measurements, or one kind of event.</summary>
/// <param name="Kind">Of what it is a series.</param>
/// <param name="Name">For measurements the concept ("heart-rate"), or "system|code" where the catalogue knows none; else empty.</param>
[Immutable]
public readonly record struct SeriesKey(SeriesKind Kind, string Name) : IComparable<SeriesKey>
{
    public int CompareTo(SeriesKey other) => Kind != other.Kind ? Kind.CompareTo(other.Kind) : string.CompareOrdinal(Name, other.Name);

    public static bool operator <(SeriesKey a, SeriesKey b) => a.CompareTo(b) < 0;
    public static bool operator >(SeriesKey a, SeriesKey b) => a.CompareTo(b) > 0;
    public static bool operator <=(SeriesKey a, SeriesKey b) => a.CompareTo(b) <= 0;
    public static bool operator >=(SeriesKey a, SeriesKey b) => a.CompareTo(b) >= 0;
}

/// <summary>The entries of one concept or kind of event, oldest first.</summary>
[Immutable]
public sealed class TimelineSeries
{
    internal TimelineSeries(SeriesKey key, ImmutableArray<TimelineEntry> entries, bool hasDropped)
    {
        (Key, Entries, HasDropped) = (key, entries, hasDropped);
        foreach (var entry in entries) NewestAvailableTicks = Math.Max(NewestAvailableTicks, entry.AvailableTicks);
    }

    public SeriesKey Key { get; }
    public ImmutableArray<TimelineEntry> Entries { get; }

    /// <summary>Whether an entry of the series ever had to go because newer ones filled it.</summary>
    public bool HasDropped { get; }

    internal long NewestAvailableTicks { get; }
    internal long NewestEffectiveTicks => Entries.IsEmpty ? 0 : Entries[^1].EffectiveTicks;

    /// <summary>The newest entries that were true at <paramref name="asOfTicks"/> or before, at most <paramref name="countMax"/>, oldest first.</summary>
    public ReadOnlySpan<TimelineEntry> UpTo(long asOfTicks, int countMax)
    {
        var entries = Entries.AsSpan();
        var end = FirstFrom(entries, asOfTicks + 1);
        return entries[Math.Max(0, end - countMax)..end];
    }

    /// <summary>Where the first entry at or after <paramref name="ticks"/> stands.</summary>
    internal static int FirstFrom(ReadOnlySpan<TimelineEntry> entries, long ticks)
    {
        var (low, high) = (0, entries.Length);
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (entries[middle].EffectiveTicks < ticks) low = middle + 1;
            else high = middle;
        }
        return low;
    }

    internal bool SameAs(TimelineSeries other)
    {
        if (Key != other.Key || Entries.Length != other.Entries.Length) return false;
        for (var i = 0; i < Entries.Length; i++)
            if (!Entries[i].SameAs(other.Entries[i])) return false;
        return true;
    }
}
