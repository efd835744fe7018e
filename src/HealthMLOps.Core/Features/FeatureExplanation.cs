using System.Collections.Immutable;
using HealthMLOps.Clinical;

namespace HealthMLOps.Features;

/// <summary>Says of each feature which entries it came from.</summary>
public static class FeatureExplanation
{
    /// <summary>Entries named of one feature; beyond, the oldest are not named.</summary>
    public const int EntriesMax = 100;

    internal static FeatureInput Of(FeatureDefinition feature, FeatureComputation computation)
    {
        var value = computation.Of(feature).Value;
        var used = new List<TimelineEntry>();
        var leftOut = new List<(TimelineEntry Entry, LeftOutReason Why)>();
        foreach (var selection in Selections(feature.Source))
        {
            var ofSelection = new List<TimelineEntry>();
            computation.Measurements.Explain(selection, ofSelection, leftOut);
            used.AddRange(Behind(feature.Source, ofSelection));
        }
        if (feature.Source is FeatureSource.Events events) computation.Events.Read(events.Selection, used);

        var imputed = used.Count == 0 && feature.Source is FeatureSource.Measured && value is not null ? feature.Impute : null;
        if (imputed is Imputation.CarryForward carried)
        {
            var older = new List<TimelineEntry>();
            computation.Measurements.Explain(carried.Selection, older, leftOut);
            used.AddRange(older.TakeLast(1));
        }
        return new FeatureInput(feature.Name, value, imputed,
            [.. used.TakeLast(EntriesMax).Select(Named)], [.. leftOut.TakeLast(EntriesMax).Select(one => new LeftOutEntry(Named(one.Entry), one.Why))]);
    }

    private static ImmutableArray<MeasurementSelection> Selections(FeatureSource source) => source switch
    {
        FeatureSource.Measured measured => [measured.Selection],
        FeatureSource.Combined combined => [combined.First, combined.Second],
        FeatureSource.EarlyWarning warning => warning.Rule.Selections(),
        _ => [],
    };

    /// <summary>The entries that the value rests on: one where one decides, all where all count.</summary>
    private static IEnumerable<TimelineEntry> Behind(FeatureSource source, List<TimelineEntry> used)
    {
        if (used.Count == 0) return [];
        return source is not FeatureSource.Measured measured ? used.TakeLast(1) : measured.Aggregation switch
        {
            Aggregation.Last or Aggregation.TimeSince => used.TakeLast(1),
            Aggregation.First => used.Take(1),
            Aggregation.DeltaToBaseline when used.Count > 1 => [used[0], used[^1]],
            _ => used,
        };
    }

    private static InputEntry Named(TimelineEntry entry) => new(
        entry.Resource, new DateTimeOffset(entry.EffectiveTicks, TimeSpan.Zero), new DateTimeOffset(entry.AvailableTicks, TimeSpan.Zero),
        entry.Value, entry.Said is Measurement measurement ? measurement.Unit : null, entry.Flags);
}
