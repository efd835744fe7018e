using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using HealthMLOps.Clinical;

namespace HealthMLOps.Features;

/// <summary>Draws the values that a selection sees out of one timeline, at one as-of time and one time of knowledge.</summary>
/// <remarks>Order is that of the timeline: by effective time, resource, place in the resource. One computation owns one reader and disposes of it.</remarks>
internal sealed class MeasurementReader(Timeline timeline, long asOfTicks, long knownTicks, Func<EncounterStay?> encounter) : IDisposable
{
    private const double DecimalMax = 7.9e28;

    /// <summary>Room for a series as bounds show it; several series by code may need more.</summary>
    private const int CountAtFirst = 512;

    private readonly List<TimelineEntry> _gathered = [];
    private MeasurementSelection? _read;
    private long[] _ticks = ArrayPool<long>.Shared.Rent(CountAtFirst);
    private double[] _values = ArrayPool<double>.Shared.Rent(CountAtFirst);
    private int _count;

    public ReadOnlySpan<long> Ticks => _ticks.AsSpan(0, _count);
    public ReadOnlySpan<double> Values => _values.AsSpan(0, _count);

    /// <summary>Reads a selection's values. Features of one selection stand side by side in a set, so a repeat costs nothing.</summary>
    public void Read(MeasurementSelection selection)
    {
        if (ReferenceEquals(selection, _read)) return;
        (_read, _count) = (selection, 0);
        var candidates = Candidates(selection);
        if (Math.Min(_values.Length, _ticks.Length) < candidates.Length)
        {
            Dispose();
            _ticks = ArrayPool<long>.Shared.Rent(candidates.Length);
            _values = ArrayPool<double>.Shared.Rent(candidates.Length);
        }
        TimelineEntry former = default;
        foreach (ref readonly var entry in candidates)
        {
            if (!IsKnown(entry) || Judge(entry, former, _count > 0, selection, out var value) is not null) continue;
            _ticks[_count] = entry.EffectiveTicks;
            _values[_count++] = value;
            former = entry;
        }
    }

    public void Dispose()
    {
        ArrayPool<long>.Shared.Return(_ticks);
        ArrayPool<double>.Shared.Return(_values);
        (_ticks, _values, _count) = ([], [], 0);
    }

    public double? Aggregate(MeasurementSelection selection, Aggregation aggregation)
    {
        Read(selection);
        var scratch = aggregation != Aggregation.Median ? [] : _count <= 128 ? stackalloc double[_count] : new double[_count];
        return Aggregations.Of(aggregation, Ticks, Values, asOfTicks, scratch);
    }

    /// <summary>The newest value and when it was true.</summary>
    public (double Value, long Ticks)? Last(MeasurementSelection selection)
    {
        Read(selection);
        return _count == 0 ? null : (_values[_count - 1], _ticks[_count - 1]);
    }

    /// <summary>The newest coded value and when it was true.</summary>
    public (ImmutableArray<Coding> Value, long Ticks)? LastCoded(MeasurementSelection selection)
    {
        var candidates = Candidates(selection);
        for (var i = candidates.Length - 1; i >= 0; i--)
            if (IsKnown(candidates[i]) && candidates[i].Said is Measurement { CodedValue: { IsEmpty: false } value }) return (value, candidates[i].EffectiveTicks);
        return null;
    }

    /// <summary>Everything that was looked at: what was used, and what was left out and why, oldest first.</summary>
    public void Explain(MeasurementSelection selection, ICollection<TimelineEntry> used, ICollection<(TimelineEntry Entry, LeftOutReason Why)> leftOut)
    {
        TimelineEntry former = default;
        foreach (ref readonly var entry in Candidates(selection))
        {
            if (!IsKnown(entry)) continue;
            if (Judge(entry, former, used.Count > 0, selection, out _) is { } why) { leftOut.Add((entry, why)); continue; }
            used.Add(entry);
            former = entry;
        }
    }

    private bool IsKnown(in TimelineEntry entry) => entry.AvailableTicks <= knownTicks;

    private ReadOnlySpan<TimelineEntry> Candidates(MeasurementSelection selection)
    {
        if (selection.Window.At(asOfTicks, selection.Window.Span is WindowSpan.Ever or WindowSpan.Trailing ? null : encounter()) is not { } window) return [];
        return selection.Concept is { } concept ? Within(timeline.UpTo(new SeriesKey(SeriesKind.Measurement, concept), asOfTicks), window) : Gather(selection, window);
    }

    private static ReadOnlySpan<TimelineEntry> Within(ReadOnlySpan<TimelineEntry> entries, (long From, long Before) window)
    {
        var from = TimelineSeries.FirstFrom(entries, window.From);
        return entries[from..Math.Max(from, TimelineSeries.FirstFrom(entries, window.Before))];
    }

    /// <summary>By code, entries may stand in several series: of the concept, or named by another code.</summary>
    private ReadOnlySpan<TimelineEntry> Gather(MeasurementSelection selection, (long From, long Before) window)
    {
        _gathered.Clear();
        foreach (var series in timeline.Series)
        {
            if (series.Key.Kind != SeriesKind.Measurement) break;
            foreach (ref readonly var entry in Within(series.UpTo(asOfTicks, timeline.Bounds.EntriesPerSeriesMax), window))
                if (HasCode((Measurement)entry.Said, selection.Codes)) _gathered.Add(entry);
        }
        _gathered.Sort(TimelineEntry.OldestFirst);
        return CollectionsMarshal.AsSpan(_gathered);
    }

    private static bool HasCode(Measurement said, ImmutableArray<Coding> codes)
    {
        foreach (var code in said.Codes)
            if (codes.Contains(code)) return true;
        return false;
    }

    private static LeftOutReason? Judge(in TimelineEntry entry, in TimelineEntry former, bool hasFormer, MeasurementSelection selection, out double value)
    {
        value = entry.Number;
        var said = (Measurement)entry.Said;
        if (selection.Unit is null ? !entry.HasValue && said.CodedValue.IsEmpty : !entry.HasValue) return LeftOutReason.NoValue;
        if (selection.Implausible == ImplausibleValues.Exclude && (entry.Flags & MeasurementFlags.Implausible) != 0) return LeftOutReason.Implausible;
        if (selection.Unit is { } unit && !string.Equals(unit, said.Unit, StringComparison.Ordinal) && !TryConvert(value, said.Unit, unit, out value)) return LeftOutReason.OtherUnit;
        if (!double.IsFinite(value)) return LeftOutReason.NoValue;
        // A panel that says the same thing in two components, or under two codes, counts once.
        return hasFormer && former.Resource == entry.Resource && former.EffectiveTicks == entry.EffectiveTicks ? LeftOutReason.SameResource : null;
    }

    private static bool TryConvert(double value, string? from, [NotNullWhen(true)] string? to, out double converted)
    {
        converted = value;
        if (from is null || to is null || Math.Abs(value) > DecimalMax || !Ucum.TryConvert((decimal)value, from, to, out var exact)) return false;
        converted = (double)exact;
        return true;
    }
}

/// <summary>Why an entry in the window does not count.</summary>
public enum LeftOutReason
{
    /// <summary>It has no value of the kind that the feature needs.</summary>
    NoValue,
    /// <summary>It is outside the plausible limits of its concept.</summary>
    Implausible,
    /// <summary>Its unit can't be converted to the feature's.</summary>
    OtherUnit,
    /// <summary>Its resource already counts with another entry of the same time.</summary>
    SameResource,
}
