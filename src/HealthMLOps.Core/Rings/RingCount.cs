using System.Collections.Immutable;
using HealthMLOps.Models;

namespace HealthMLOps.Rings;

/// <summary>Counts what a version has done in its ring: a fold over the log with a watermark for each writer, so that after a crash it equals a recount.</summary>
[GenerateSerializer, Immutable, Alias("ring-count")]
public sealed record RingCount
{
    [Id(0)] public ModelVersion Version { get; init; }

    /// <summary>Predictions made before this are not counted: they belong to an earlier ring.</summary>
    [Id(1)] public DateTimeOffset Since { get; init; }

    /// <summary>The last turn folded of each writer.</summary>
    [Id(2)] public ImmutableSortedDictionary<long, long> Watermarks { get; init; } = ImmutableSortedDictionary<long, long>.Empty;

    /// <summary>Scores by the hour in which they were made, as UTC ticks of its beginning.</summary>
    [Id(3)] public ImmutableSortedDictionary<long, long> ByHour { get; init; } = ImmutableSortedDictionary<long, long>.Empty;

    public static RingCount Of(ModelVersion version, DateTimeOffset since) => new() { Version = version, Since = since };

    /// <summary>Folds one turn of a writer; a turn at or below its watermark has been folded already.</summary>
    public RingCount After(long writer, long sequence, ImmutableArray<Prediction> predictions)
    {
        if (Watermarks.GetValueOrDefault(writer) >= sequence) return this;
        var hours = ByHour;
        foreach (var p in predictions)
            if (p.Model == Version && p.Score is not null && p.AsOf >= Since)
            {
                var hour = p.AsOf.UtcTicks - p.AsOf.UtcTicks % TimeSpan.TicksPerHour;
                hours = hours.SetItem(hour, hours.GetValueOrDefault(hour) + 1);
            }
        return this with { Watermarks = Watermarks.SetItem(writer, sequence), ByHour = hours };
    }

    /// <summary>A score's label is mature when the whole hour in which it was made lies a horizon back.</summary>
    public Exposure At(DateTimeOffset now, TimeSpan horizon) => new(
        ByHour.Values.Sum(),
        ByHour.Where(h => h.Key + TimeSpan.TicksPerHour + horizon.Ticks <= now.UtcTicks).Sum(h => h.Value));
}
