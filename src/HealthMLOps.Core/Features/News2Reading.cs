namespace HealthMLOps.Features;

/// <summary>Takes the parts of NEWS2 from the newest measurements and adds up their points.</summary>
internal static class News2Reading
{
    private const double RoomAirPercent = 21;
    private const double GlasgowAlert = 15;

    /// <summary>The total, null where a part is missing that may not be; and the time of its newest part.</summary>
    public static (double? Score, long NewestTicks) Score(News2Rule rule, MeasurementReader measurements)
    {
        var gas = Gas(rule, measurements);
        var total = 0;
        var newestTicks = 0L;
        var isComplete =
            Add(News2Part.RespiratoryRate, Points(measurements.Last(rule.RespiratoryRate), News2.RespiratoryRate))
            & Add(News2Part.Saturation, Points(measurements.Last(rule.Saturation), percent => rule.Scale == SaturationScale.One
                ? News2.Saturation(percent)
                : News2.SaturationScale2(percent, gas?.Gas ?? BreathedGas.Air)))
            & Add(News2Part.SupplementalOxygen, gas is { } breathed ? (News2.Oxygen(breathed.Gas), breathed.Ticks) : null)
            & Add(News2Part.SystolicPressure, Points(measurements.Last(rule.SystolicPressure), News2.SystolicPressure))
            & Add(News2Part.Pulse, Points(measurements.Last(rule.Pulse), News2.Pulse))
            & Add(News2Part.Consciousness, Alertness(rule, measurements))
            & Add(News2Part.Temperature, Points(measurements.Last(rule.Temperature), News2.Temperature));
        // Points of parts that are assumed normal may stand in for some, never for all.
        return isComplete && newestTicks > 0 ? (total, newestTicks) : (null, 0);

        bool Add(News2Part part, (int Points, long Ticks)? read)
        {
            if (read is not { } known) return rule.Partial.Contains(part);
            total += known.Points;
            newestTicks = Math.Max(newestTicks, known.Ticks);
            return true;
        }
    }

    private static (int, long)? Points((double Value, long Ticks)? last, Func<double, int> points) =>
        last is { } known ? (points(known.Value), known.Ticks) : null;

    /// <summary>Oxygen, where the newest flow is above 0 or the newest inspired fraction above room air.</summary>
    private static (BreathedGas Gas, long Ticks)? Gas(News2Rule rule, MeasurementReader measurements)
    {
        var flow = measurements.Last(rule.OxygenFlow);
        var fraction = measurements.Last(rule.InspiredOxygen);
        if (flow is null && fraction is null) return null;
        var gas = flow?.Value > 0 || fraction?.Value > RoomAirPercent ? BreathedGas.Oxygen : BreathedGas.Air;
        return (gas, Math.Max(flow?.Ticks ?? 0, fraction?.Ticks ?? 0));
    }

    /// <summary>By the coded level where one was recorded, else by the Glasgow coma score: below 15 is not alert (RCP 2017, p. 22).</summary>
    private static (int, long)? Alertness(News2Rule rule, MeasurementReader measurements)
    {
        if (measurements.LastCoded(rule.Consciousness) is { } coded)
        {
            var level = CodePattern.AnyMatches(rule.AlertCodes, coded.Value) ? Consciousness.Alert : Consciousness.NotAlert;
            return (News2.Alertness(level), coded.Ticks);
        }
        return Points(measurements.Last(rule.GlasgowComa), score => News2.Alertness(score >= GlasgowAlert ? Consciousness.Alert : Consciousness.NotAlert));
    }
}
