using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace HealthMLOps.Clinical;

/// <summary>Writes a timeline as bytes: numbers by variable length, times as differences, each resource's key once.</summary>
/// <remarks>A resource's key and content hash are 24 bytes that can't be packed: they are most of a snapshot.</remarks>
internal sealed class TimelinePacking
{
    public const byte Format = 1;

    /// <summary>Decimal places tried before a number is written in full.</summary>
    public const int PlacesMax = 4;
    public const byte WholeDouble = 255;
    private const double MantissaMax = 1L << 45;

    private byte[] _bytes = new byte[4096];
    private int _count;

    public static TimelineSnapshot Pack(Timeline timeline)
    {
        var packing = new TimelinePacking();
        var said = packing.Write(timeline);
        return new TimelineSnapshot { Said = said, Packed = packing._bytes[..packing._count] };
    }

    private ImmutableArray<Entry> Write(Timeline timeline)
    {
        Byte(Format);
        var bounds = timeline.Bounds;
        foreach (var bound in (ReadOnlySpan<int>)[bounds.EntriesPerSeriesMax, bounds.EventsPerSeriesMax, bounds.EntriesMax, bounds.EmptyResourcesMax, bounds.ContentsPerResourceMax])
            Number(bound);
        Write(timeline.Memory);
        var places = Write(timeline.Resources);
        Number(timeline.FormerContents.Count);
        foreach (var (resource, contents) in timeline.FormerContents.OrderBy(one => one.Key))
        {
            Number(places[resource]);
            Number(contents.Length);
            foreach (var content in contents) Fixed(content);
        }
        var said = new Dictionary<Entry, int>(ReferenceEqualityComparer.Instance);
        Number(timeline.Series.Length);
        foreach (var series in timeline.Series) Write(series, places, said);
        return [.. said.OrderBy(one => one.Value).Select(one => one.Key)];
    }

    private void Write(TimelineMemory memory)
    {
        Number(memory.NewestKnownTicks);
        Number(memory.KnownToTicks);
        Number(memory.OverflowTicks);
        Byte((byte)((memory.ForgottenVersion is null ? 0 : 1) | (memory.HasForgottenContents ? 2 : 0) | (memory.HasForgottenEmpties ? 4 : 0)));
        if (memory.ForgottenVersion is not { } version) return;
        Number(version.LastUpdatedTicks);
        Number(version.Number);
        Fixed(version.ContentHash);
    }

    private Dictionary<ResourceKey, int> Write(TimelineResources resources)
    {
        var all = resources.All().ToList();
        var places = new Dictionary<ResourceKey, int>(all.Count);
        Number(all.Count);
        var formerTicks = 0L;
        foreach (var resource in all)
        {
            places.Add(resource.Key, places.Count);
            Fixed(resource.Key.High);
            Fixed(resource.Key.Low);
            Ticks(resource.Version.LastUpdatedTicks - formerTicks);
            formerTicks = resource.Version.LastUpdatedTicks;
            Number(resource.Version.Number);
            Fixed(resource.Version.ContentHash);
            Byte((byte)((resource.IsUnversioned ? 1 : 0) | (resource.IsEmpty ? 2 : 0)));
        }
        return places;
    }

    private void Write(TimelineSeries series, Dictionary<ResourceKey, int> places, Dictionary<Entry, int> said)
    {
        Byte((byte)series.Key.Kind);
        var name = Encoding.UTF8.GetBytes(series.Key.Name);
        Number(name.Length);
        foreach (var letter in name) Byte(letter);
        Byte(series.HasDropped ? (byte)1 : (byte)0);
        Number(series.Entries.Length);
        var formerTicks = 0L;
        foreach (var entry in series.Entries)
        {
            Ticks(entry.EffectiveTicks - formerTicks);
            formerTicks = entry.EffectiveTicks;
            Byte((byte)((entry.AvailableTicks == 0 ? 1 : 0) | (entry.HasValue ? 2 : 0) | (entry.Index > 0 ? 4 : 0) | (entry.Flags != 0 ? 8 : 0)));
            if (entry.AvailableTicks != 0) Ticks(entry.AvailableTicks - entry.EffectiveTicks);
            if (entry.HasValue) Value(entry.Number);
            if (entry.Index > 0) Number(entry.Index);
            if (entry.Flags != 0) Number((long)entry.Flags);
            Number(places[entry.Resource]);
            if (!said.TryGetValue(entry.Said, out var place)) said.Add(entry.Said, place = said.Count);
            Number(place);
        }
    }

    private void Byte(byte value)
    {
        if (_count == _bytes.Length) Array.Resize(ref _bytes, _count * 2);
        _bytes[_count++] = value;
    }

    private void Fixed(ulong value)
    {
        if (_count + 8 > _bytes.Length) Array.Resize(ref _bytes, _count * 2);
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(_count), value);
        _count += 8;
    }

    /// <summary>Seven bits a byte, least first; the sign in the lowest bit.</summary>
    private void Number(long value)
    {
        var rest = ((ulong)value << 1) ^ (ulong)(value >> 63);
        for (; rest > 127; rest >>= 7) Byte((byte)(rest | 128));
        Byte((byte)rest);
    }

    /// <summary>Whole seconds where it is some, marked by the lowest bit.</summary>
    private void Ticks(long ticks)
    {
        var (seconds, rest) = Math.DivRem(ticks, TimeSpan.TicksPerSecond);
        if (rest == 0) { Number(seconds << 1); return; }
        Number(1);
        Number(ticks);
    }

    private void Value(double value)
    {
        var scale = 1.0;
        for (byte places = 0; places <= PlacesMax; places++, scale *= 10)
        {
            var mantissa = Math.Round(value * scale);
            if (Math.Abs(mantissa) > MantissaMax || BitConverter.DoubleToInt64Bits(mantissa / scale) != BitConverter.DoubleToInt64Bits(value)) continue;
            if (mantissa == 0 && double.IsNegative(value)) break;
            Byte(places);
            Number((long)mantissa);
            return;
        }
        Byte(WholeDouble);
        Fixed(BitConverter.DoubleToUInt64Bits(value));
    }
}
