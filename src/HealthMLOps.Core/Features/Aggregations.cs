using System.Diagnostics;

namespace HealthMLOps.Features;

/// <summary>The formulas by which the values of a window become one number. Values come oldest first, and sums are taken in that order.</summary>
/// <remarks>Plain loops, not vectors: the order of additions is part of the definition, so that training and serving agree to the bit.</remarks>
public static class Aggregations
{
    /// <summary>The number, or null where there are too few values for it.</summary>
    /// <param name="aggregation">Which formula.</param>
    /// <param name="ticks">When each value was true, ascending.</param>
    /// <param name="values">The values.</param>
    /// <param name="asOfTicks">The as-of time, at or after the last value.</param>
    /// <param name="scratch">Room for as many numbers as there are values.</param>
    public static double? Of(Aggregation aggregation, ReadOnlySpan<long> ticks, ReadOnlySpan<double> values, long asOfTicks, Span<double> scratch)
    {
        if (aggregation == Aggregation.Count) return values.Length;
        if (aggregation == Aggregation.Exists) return values.IsEmpty ? 0 : 1;
        if (values.IsEmpty) return null;
        return aggregation switch
        {
            Aggregation.Last => values[^1],
            Aggregation.First => values[0],
            Aggregation.Min => values[PlaceOfLeast(values)],
            Aggregation.Max => values[PlaceOfGreatest(values)],
            Aggregation.Mean => Mean(values),
            Aggregation.Median => Median(values, scratch),
            Aggregation.Std => Std(values),
            Aggregation.Range => values[PlaceOfGreatest(values)] - values[PlaceOfLeast(values)],
            Aggregation.SlopePerDay => SlopePerDay(ticks, values),
            Aggregation.TimeSince => (asOfTicks - ticks[^1]) / (double)TimeSpan.TicksPerHour,
            Aggregation.DeltaToBaseline => values.Length < 2 ? null : values[^1] - values[0],
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>Where the least value stands; the first of equals.</summary>
    public static int PlaceOfLeast(ReadOnlySpan<double> values)
    {
        var place = 0;
        for (var i = 1; i < values.Length; i++)
            if (values[i] < values[place]) place = i;
        return place;
    }

    /// <summary>Where the greatest value stands; the first of equals.</summary>
    public static int PlaceOfGreatest(ReadOnlySpan<double> values)
    {
        var place = 0;
        for (var i = 1; i < values.Length; i++)
            if (values[i] > values[place]) place = i;
        return place;
    }

    /// <summary>Arithmetic mean: the sum in order, divided by n.</summary>
    public static double Mean(ReadOnlySpan<double> values)
    {
        var sum = 0.0;
        foreach (var value in values) sum += value;
        return sum / values.Length;
    }

    /// <summary>The middle value, or the mean of the two middle ones (Hyndman and Fan 1996, type 7 at 0.5).</summary>
    private static double Median(ReadOnlySpan<double> values, Span<double> scratch)
    {
        var sorted = scratch[..values.Length];
        values.CopyTo(sorted);
        sorted.Sort();
        var middle = sorted.Length / 2;
        return sorted.Length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    /// <summary>Sample standard deviation, √(Σ(x − mean)² / (n − 1)), in two passes; null below two values.</summary>
    private static double? Std(ReadOnlySpan<double> values)
    {
        if (values.Length < 2) return null;
        var mean = Mean(values);
        var squares = 0.0;
        foreach (var value in values) squares += (value - mean) * (value - mean);
        return Math.Sqrt(squares / (values.Length - 1));
    }

    /// <summary>Slope of the least-squares line, Σ(t − t̄)(x − x̄) / Σ(t − t̄)², t in days since the first value; null below two distinct times.</summary>
    private static double? SlopePerDay(ReadOnlySpan<long> ticks, ReadOnlySpan<double> values)
    {
        if (ticks[0] == ticks[^1]) return null;
        var days = 0.0;
        foreach (var at in ticks) days += (at - ticks[0]) / (double)TimeSpan.TicksPerDay;
        var (meanDay, mean) = (days / ticks.Length, Mean(values));
        var (together, squares) = (0.0, 0.0);
        for (var i = 0; i < values.Length; i++)
        {
            var day = ((ticks[i] - ticks[0]) / (double)TimeSpan.TicksPerDay) - meanDay;
            together += day * (values[i] - mean);
            squares += day * day;
        }
        return together / squares;
    }
}
