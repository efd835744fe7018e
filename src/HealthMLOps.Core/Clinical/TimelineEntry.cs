namespace HealthMLOps.Clinical;

/// <summary>One entry as a timeline holds it: what varies from entry to entry in place, what repeats shared by reference.</summary>
/// <remarks>The order is total: by effective time, then resource, then place in the resource. Every sum is taken in it.</remarks>
[Immutable]
public readonly struct TimelineEntry
{
    /// <summary>Oldest first; a total order.</summary>
    internal static readonly IComparer<TimelineEntry> OldestFirst = Comparer<TimelineEntry>.Create((a, b) => a.ComparedTo(b));

    private readonly double _value;

    internal TimelineEntry(ResourceKey resource, int index, long effectiveTicks, long availableTicks, double? value, MeasurementFlags flags, Entry said)
    {
        (Resource, Index, EffectiveTicks, AvailableTicks) = (resource, (ushort)index, effectiveTicks, availableTicks);
        (_value, HasValue, Flags, Said) = (value ?? 0, value.HasValue, flags, said);
    }

    public ResourceKey Resource { get; }

    /// <summary>UTC ticks of when it was true.</summary>
    public long EffectiveTicks { get; }

    /// <summary>UTC ticks of when its version and it could both have been known; 0 = always.</summary>
    public long AvailableTicks { get; }

    /// <summary>What it says apart from its times, number and flags; shared by all that say the same.</summary>
    public Entry Said { get; }

    public MeasurementFlags Flags { get; }

    /// <summary>Its place among the entries of its resource.</summary>
    public ushort Index { get; }
    public bool HasValue { get; }

    /// <summary>The number of a measurement or the dose of a drug given.</summary>
    public double? Value => HasValue ? _value : null;

    internal double Number => _value;

    /// <summary>The whole entry, as it was admitted.</summary>
    public Entry ToEntry()
    {
        var effective = new DateTimeOffset(EffectiveTicks, TimeSpan.Zero);
        DateTimeOffset? available = new DateTimeOffset(AvailableTicks, TimeSpan.Zero);
        return Said switch
        {
            Measurement said => said with { Effective = effective, Available = available, Value = Value, Flags = Flags },
            ClinicalEvent said => said with { Effective = effective, Available = available, Dose = Value },
            _ => Said with { Effective = effective, Available = available },
        };
    }

    internal int ComparedTo(in TimelineEntry other) =>
        EffectiveTicks != other.EffectiveTicks ? EffectiveTicks.CompareTo(other.EffectiveTicks)
        : Resource != other.Resource ? Resource.CompareTo(other.Resource)
        : Index.CompareTo(other.Index);

    internal bool SameAs(in TimelineEntry other) =>
        ComparedTo(other) == 0 && AvailableTicks == other.AvailableTicks && HasValue == other.HasValue
        && BitConverter.DoubleToInt64Bits(_value) == BitConverter.DoubleToInt64Bits(other._value)
        && Flags == other.Flags && TimelineWords.Same(Said, other.Said);
}
