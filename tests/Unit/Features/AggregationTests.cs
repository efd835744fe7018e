using CsCheck;
using HealthMLOps.Clinical;
using static HealthMLOps.Tests.Unit.Clinical.AFact;

namespace HealthMLOps.Tests.Unit.Features;

/// <summary>Each aggregation against a twin that is written as its definition reads.</summary>
public sealed class AggregationTests
{
    private static readonly Gen<Fact[]> Rates = Gen.Select(Gen.Int[0, 400], Gen.Double[20, 200], Gen.Bool).Array[0, 40].Select(all =>
        all.Select((one, n) => Of(n + 1, 1, Hour(one.Item1 / 10.0),
            Value("heart-rate", Math.Round(one.Item2, 3), one.Item1 / 10.0, one.Item3 && n % 5 == 0 ? MeasurementFlags.Implausible : MeasurementFlags.None))).ToArray());

    [Theory]
    [InlineData("last")] [InlineData("first")] [InlineData("min")] [InlineData("max")] [InlineData("mean")] [InlineData("median")] [InlineData("std")]
    [InlineData("count")] [InlineData("range")] [InlineData("slope-per-day")] [InlineData("time-since")] [InlineData("delta-to-baseline")] [InlineData("exists")]
    public void An_aggregation_is_its_definition_to_the_bit(string aggregation)
    {
        var set = Sets.Of($$"""{"name":"tried","concept":"heart-rate","window":"PT12H","aggregation":"{{aggregation}}"}""");
        Gen.Select(Rates, Gen.Int[0, 45]).Sample((facts, hour) =>
        {
            var inWindow = facts
                .Select(fact => (Measurement: (Measurement)fact.Entries[0], fact.Resource))
                .Where(one => one.Measurement.Effective > Hour(hour - 12) && one.Measurement.Effective <= Hour(hour) && one.Measurement.Flags == MeasurementFlags.None)
                .OrderBy(one => one.Measurement.Effective).ThenBy(one => one.Resource)
                .Select(one => (one.Measurement.Effective, Value: one.Measurement.Value!.Value)).ToList();
            Assert.Equal(Twin(aggregation, inWindow, Hour(hour)), set.Value(Timeline.Of(facts), Hour(hour)));
        }, iter: 500);
    }

    [Fact]
    public void A_slope_is_the_change_a_day()
    {
        var set = Sets.Of("""{"name":"tried","concept":"heart-rate","window":"P2D","aggregation":"slope-per-day"}""");
        Assert.Equal(24.0, set.Value(Timeline.Of([HeartRate(1, 60, 0), HeartRate(2, 72, 12), HeartRate(3, 84, 24)]), Hour(24))!.Value, 12);
    }

    private static double? Twin(string aggregation, List<(DateTimeOffset Effective, double Value)> all, DateTimeOffset asOf)
    {
        var values = all.Select(one => one.Value).ToList();
        var n = values.Count;
        if (aggregation == "count") return n;
        if (aggregation == "exists") return n > 0 ? 1 : 0;
        if (n == 0) return null;
        var mean = Sum(values) / n;
        switch (aggregation)
        {
            case "last": return values.Last();
            case "first": return values.First();
            case "min": return values.Min();
            case "max": return values.Max();
            case "mean": return mean;
            case "median":
                var sorted = values.Order().ToList();
                return n % 2 == 1 ? sorted[n / 2] : (sorted[(n / 2) - 1] + sorted[n / 2]) / 2;
            case "std": return n < 2 ? null : Math.Sqrt(Sum(values.Select(value => (value - mean) * (value - mean))) / (n - 1));
            case "range": return values.Max() - values.Min();
            case "time-since": return (asOf - all.Last().Effective).TotalHours;
            case "delta-to-baseline": return n < 2 ? null : values.Last() - values.First();
            default:
                if (all.Select(one => one.Effective).Distinct().Count() < 2) return null;
                var days = all.Select(one => (one.Effective - all[0].Effective).TotalDays).ToList();
                var meanDay = Sum(days) / n;
                return Sum(days.Zip(values, (day, value) => (day - meanDay) * (value - mean))) / Sum(days.Select(day => (day - meanDay) * (day - meanDay)));
        }
    }

    /// <summary>One after the other: LINQ's own sum may add in another order.</summary>
    private static double Sum(IEnumerable<double> values) => values.Aggregate(0.0, (sum, value) => sum + value);
}
