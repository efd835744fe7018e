using System.Collections.Immutable;

namespace HealthMLOps.Clinical;

/// <summary>A timeline as a patient's snapshot stores it.</summary>
[GenerateSerializer, Immutable, Alias("timeline-snapshot")]
public readonly record struct TimelineSnapshot
{
    /// <summary>What entries say apart from times and numbers, each once.</summary>
    [Id(0)] public ImmutableArray<Entry> Said { get; init; }

    /// <summary>Everything else, in the form that its first byte names.</summary>
    [Id(1)] public byte[] Packed { get; init; }
}

/// <summary>Stores timelines compactly: a week of intensive care fits a database row.</summary>
[RegisterConverter]
public sealed class TimelineSnapshotConverter : IConverter<Timeline, TimelineSnapshot>
{
    public Timeline ConvertFromSurrogate(in TimelineSnapshot surrogate) => TimelineUnpacking.Unpack(surrogate);

    public TimelineSnapshot ConvertToSurrogate(in Timeline value) => TimelinePacking.Pack(value);
}
