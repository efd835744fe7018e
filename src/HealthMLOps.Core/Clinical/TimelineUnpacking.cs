using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace HealthMLOps.Clinical;

/// <summary>Reads what <see cref="TimelinePacking"/> wrote.</summary>
internal ref struct TimelineUnpacking
{
    private ReadOnlySpan<byte> _rest;

    private TimelineUnpacking(ReadOnlySpan<byte> packed) => _rest = packed;

    /// <exception cref="FormatException">The bytes are of a form that this release does not know.</exception>
    public static Timeline Unpack(in TimelineSnapshot snapshot)
    {
        var unpacking = new TimelineUnpacking(snapshot.Packed);
        var format = unpacking.Byte();
        return format == TimelinePacking.Format
            ? unpacking.Timeline(snapshot.Said)
            : throw new FormatException($"A timeline snapshot has form {format}; this release reads form {TimelinePacking.Format}.");
    }

    private Timeline Timeline(ImmutableArray<Entry> said)
    {
        var bounds = new TimelineBounds((int)Number(), (int)Number(), (int)Number(), (int)Number(), (int)Number());
        var memory = Memory();
        var resources = Resources();
        var formers = ImmutableDictionary.CreateBuilder<ResourceKey, ImmutableArray<ulong>>();
        for (var count = Number(); count > 0; count--)
        {
            var resource = resources[(int)Number()].Key;
            var contents = new ulong[Number()];
            for (var i = 0; i < contents.Length; i++) contents[i] = Fixed();
            formers.Add(resource, [.. contents]);
        }
        var series = new TimelineSeries[Number()];
        for (var i = 0; i < series.Length; i++) series[i] = Series(said, resources);
        return new Timeline(bounds, [.. series], TimelineResources.Of(resources), formers.ToImmutable(), memory);
    }

    private TimelineMemory Memory()
    {
        var (known, knownTo, overflow, bits) = (Number(), Number(), Number(), Byte());
        ResourceVersion? forgotten = (bits & 1) != 0 ? new ResourceVersion(Number(), Number(), Fixed()) : null;
        return new TimelineMemory(known, knownTo, overflow, forgotten, (bits & 2) != 0, (bits & 4) != 0);
    }

    private HeldResource[] Resources()
    {
        var resources = new HeldResource[Number()];
        var formerTicks = 0L;
        for (var i = 0; i < resources.Length; i++)
        {
            var key = new ResourceKey(Fixed(), Fixed());
            formerTicks += Ticks();
            var version = new ResourceVersion(formerTicks, Number(), Fixed());
            var bits = Byte();
            resources[i] = new HeldResource(key, version, 0, (bits & 1) != 0, (bits & 2) != 0);
        }
        return resources;
    }

    private TimelineSeries Series(ImmutableArray<Entry> said, HeldResource[] resources)
    {
        var kind = (SeriesKind)Byte();
        var nameLength = (int)Number();
        var name = Encoding.UTF8.GetString(_rest[..nameLength]);
        _rest = _rest[nameLength..];
        var hasDropped = Byte() != 0;
        var entries = new TimelineEntry[Number()];
        var effectiveTicks = 0L;
        for (var i = 0; i < entries.Length; i++)
        {
            effectiveTicks += Ticks();
            var bits = Byte();
            var availableTicks = (bits & 1) != 0 ? 0 : effectiveTicks + Ticks();
            double? value = (bits & 2) != 0 ? Value() : null;
            var index = (bits & 4) != 0 ? (int)Number() : 0;
            var flags = (bits & 8) != 0 ? (MeasurementFlags)Number() : MeasurementFlags.None;
            ref var resource = ref resources[(int)Number()];
            resource = resource with { EntryCount = resource.EntryCount + 1 };
            entries[i] = new TimelineEntry(resource.Key, index, effectiveTicks, availableTicks, value, flags, said[(int)Number()]);
        }
        return new TimelineSeries(new SeriesKey(kind, name), [.. entries], hasDropped);
    }

    private byte Byte()
    {
        var value = _rest[0];
        _rest = _rest[1..];
        return value;
    }

    private ulong Fixed()
    {
        var value = BinaryPrimitives.ReadUInt64LittleEndian(_rest);
        _rest = _rest[8..];
        return value;
    }

    private long Number()
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 127) << shift;
            if (next < 128) return (long)(value >> 1) ^ -(long)(value & 1);
        }
    }

    private long Ticks()
    {
        var number = Number();
        return (number & 1) == 0 ? (number >> 1) * TimeSpan.TicksPerSecond : Number();
    }

    private double Value()
    {
        var places = Byte();
        if (places == TimelinePacking.WholeDouble) return BitConverter.UInt64BitsToDouble(Fixed());
        var scale = 1.0;
        for (var i = 0; i < places; i++) scale *= 10;
        return Number() / scale;
    }
}
