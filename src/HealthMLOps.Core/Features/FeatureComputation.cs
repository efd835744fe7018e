using System.Collections.Immutable;
using System.Diagnostics;
using HealthMLOps.Clinical;

namespace HealthMLOps.Features;

/// <summary>One computation of features: a timeline, an as-of time, a time of knowledge. Same arguments, same bits.</summary>
internal sealed class FeatureComputation : IDisposable
{
    private readonly Timeline _timeline;
    private readonly DateTimeOffset _asOf;
    private readonly DateTimeOffset _knownAt;
    private ImmutableArray<EncounterStay>? _encounters;
    private Demographics? _who;
    private bool _isWhoRead;

    public FeatureComputation(Timeline timeline, DateTimeOffset asOf, DateTimeOffset knownAt)
    {
        (_timeline, _asOf, _knownAt) = (timeline, asOf, knownAt);
        Measurements = new MeasurementReader(timeline, asOf.UtcTicks, knownAt.UtcTicks, IndexEncounter);
        Events = new EventReader(timeline, asOf.UtcTicks, knownAt.UtcTicks, IndexEncounter);
    }

    public MeasurementReader Measurements { get; }
    public EventReader Events { get; }

    public void Dispose() => Measurements.Dispose();

    /// <summary>The value, and the effective time of the newest entry behind it in UTC ticks; 0 where there was none.</summary>
    public (double? Value, long NewestTicks) Of(FeatureDefinition feature)
    {
        var computed = Computed(feature);
        if (computed.Value is not null) return computed;
        return feature.Impute switch
        {
            null => computed,
            Imputation.Constant constant => (constant.Value, 0),
            Imputation.CarryForward carried => Measurements.Last(carried.Selection) is { } last ? (last.Value, last.Ticks) : computed,
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>The encounter that windows count from: the open one, else the inpatient stay that ended last.</summary>
    public EncounterStay? IndexEncounter() => TimelineEncounters.Open(Encounters()) ?? TimelineEncounters.IndexStay(Encounters());

    private (double? Value, long NewestTicks) Computed(FeatureDefinition feature) => feature.Source switch
    {
        FeatureSource.Measured measured => (Measurements.Aggregate(measured.Selection, measured.Aggregation), NewestMeasured()),
        FeatureSource.Age => (Who()?.Birth?.YearsAt(_asOf), 0),
        FeatureSource.Sex => (Category(feature, Who()?.Sex), 0),
        FeatureSource.Events events => Tallied(events),
        FeatureSource.EncountersStarted started => Count(Started(started)),
        FeatureSource.PriorAdmissions prior => Count(Prior(prior)),
        FeatureSource.HoursSinceAdmission => SinceAdmission(),
        FeatureSource.LengthOfStayDays => LengthOfStay(),
        FeatureSource.EncounterClass => Stay(IndexEncounter(), stay => Category(feature, stay.Class)),
        FeatureSource.EncounterUnit => Stay(IndexEncounter(), stay => Category(feature, stay.Unit)),
        FeatureSource.EarlyWarning warning => News2Reading.Score(warning.Rule, Measurements),
        FeatureSource.Combined combined => Combine(combined),
        _ => throw new UnreachableException(),
    };

    private long NewestMeasured() => Measurements.Ticks.IsEmpty ? 0 : Measurements.Ticks[^1];

    private (double?, long) Tallied(FeatureSource.Events events)
    {
        var (count, newestTicks) = Events.Read(events.Selection);
        return (events.Tally == EventTally.Count ? count : Math.Min(count, 1), newestTicks);
    }

    private IEnumerable<EncounterStay> Started(FeatureSource.EncountersStarted feature) =>
        feature.Window.At(_asOf.UtcTicks, IndexEncounter()) is { } window
            ? Encounters().Where(stay => IsIn(window, stay) && stay.Classes.Any(name => feature.Classes.Contains(name)))
            : [];

    private IEnumerable<EncounterStay> Prior(FeatureSource.PriorAdmissions feature)
    {
        var index = TimelineEncounters.IndexStay(Encounters());
        return feature.Window.At(_asOf.UtcTicks, IndexEncounter()) is { } window
            ? Encounters().Where(stay => IsIn(window, stay) && stay.IsInpatient && stay.Resource != index?.Resource && (index is null || stay.Start <= index.Start))
            : [];
    }

    private static bool IsIn((long From, long Before) window, EncounterStay stay) =>
        stay.Start.UtcTicks >= window.From && stay.Start.UtcTicks < window.Before;

    private static (double?, long) Count(IEnumerable<EncounterStay> stays)
    {
        var (count, newestTicks) = (0, 0L);
        foreach (var stay in stays) (count, newestTicks) = (count + 1, stay.Start.UtcTicks);
        return (count, newestTicks);
    }

    private (double?, long) SinceAdmission() =>
        Stay(TimelineEncounters.Open(Encounters()), stay => (_asOf.UtcTicks - stay.Start.UtcTicks) / (double)TimeSpan.TicksPerHour);

    private (double?, long) LengthOfStay() =>
        Stay(TimelineEncounters.IndexStay(Encounters()), stay => ((stay.End ?? _asOf).UtcTicks - stay.Start.UtcTicks) / (double)TimeSpan.TicksPerDay);

    private static (double?, long) Stay(EncounterStay? stay, Func<EncounterStay, double?> value) =>
        stay is null ? (null, 0) : (value(stay), (stay.End ?? stay.Start).UtcTicks);

    private (double?, long) Combine(FeatureSource.Combined combined)
    {
        if (Measurements.Last(combined.First) is not { } first || Measurements.Last(combined.Second) is not { } second) return (null, 0);
        double? value = combined.Rule switch
        {
            CombinedRule.ShockIndex => second.Value > 0 ? first.Value / second.Value : null,
            CombinedRule.PulsePressure => first.Value - second.Value,
            CombinedRule.PfRatio => second.Value > 0 ? first.Value / (second.Value / 100) : null,
            _ => throw new UnreachableException(),
        };
        return (value, Math.Max(first.Ticks, second.Ticks));
    }

    /// <summary>The place of a word among the feature's categories, else that of "other", else null.</summary>
    private static double? Category(FeatureDefinition feature, string? word)
    {
        if (word is null) return null;
        var place = feature.Categories.IndexOf(word);
        if (place < 0) place = feature.Categories.IndexOf("other");
        return place < 0 ? null : place;
    }

    private ImmutableArray<EncounterStay> Encounters() => _encounters ??= _timeline.Encounters(_asOf, _knownAt);

    private Demographics? Who()
    {
        if (_isWhoRead) return _who;
        _isWhoRead = true;
        return _who = _timeline.DemographicsAt(_knownAt);
    }
}
