using HealthMLOps.Simulation.Chance;

namespace HealthMLOps.Simulation.Physiology;

/// <summary>One round of vital signs as the instruments show them.</summary>
/// <param name="Responsiveness">One of A, C, V, P, U.</param>
internal sealed record VitalReading(
    double HeartRateBpm, double BreathsPerMinute, double TemperatureCel, double SystolicMmHg, double DiastolicMmHg,
    double SaturationPercent, double OxygenLMin, char Responsiveness, int GlasgowComa)
{
    public static VitalReading Take(BodyBaseline body, BodyState state, RandomStream chance)
    {
        var ill = state.Severity;
        var systolic = Math.Clamp(body.SystolicMmHg - 8.5 * ill * body.Circulation + state.SupportMmHg + chance.Normal(0, 9), 52, 235);
        var drowsiness = chance.Unit() - 1 / (1 + Math.Exp(5.2 - 1.25 * ill * body.Brain));
        var responsiveness = drowsiness >= 0 ? 'A' : chance.Pick("CCVVVPU".ToCharArray());
        return new VitalReading(
            Math.Clamp(body.HeartRateBpm + 9 * ill * body.Circulation + chance.Normal(0, 7), 32, 210),
            Math.Clamp(body.BreathsPerMinute + 2.2 * ill * body.Lungs + chance.Normal(0, 1.7), 6, 58),
            Math.Clamp(body.TemperatureCel + 0.4 * ill * body.Fever + chance.Normal(0, 0.3), 33, 41.5),
            systolic,
            Math.Clamp(0.42 * systolic + 21 + chance.Normal(0, 6), 25, systolic - 12),
            Math.Min(100, Math.Clamp(body.SaturationPercent - 1.5 * ill * body.Lungs + OxygenGain(state.OxygenLMin) + chance.Normal(0, 1.1), 62, 100)),
            state.OxygenLMin,
            responsiveness,
            responsiveness switch { 'A' => 15, 'C' => 14, 'V' => chance.Whole(11, 14), 'P' => chance.Whole(6, 10), _ => 3 });
    }

    /// <summary>NEWS2 points as the ward adds them up, scale 1.</summary>
    /// <remarks>Royal College of Physicians, National Early Warning Score 2 (2017).</remarks>
    public int Points =>
        (BreathsPerMinute switch { < 8.5 => 3, < 11.5 => 1, < 20.5 => 0, < 24.5 => 2, _ => 3 })
        + (SaturationPercent switch { < 91.5 => 3, < 93.5 => 2, < 95.5 => 1, _ => 0 })
        + (OxygenLMin > 0 ? 2 : 0)
        + (SystolicMmHg switch { < 90.5 => 3, < 100.5 => 2, < 110.5 => 1, < 219.5 => 0, _ => 3 })
        + (HeartRateBpm switch { < 40.5 => 3, < 50.5 => 1, < 90.5 => 0, < 110.5 => 1, < 130.5 => 2, _ => 3 })
        + (Responsiveness == 'A' ? 0 : 3)
        + (TemperatureCel switch { < 35.05 => 3, < 36.05 => 1, < 38.05 => 0, < 39.05 => 1, _ => 2 });

    private static double OxygenGain(double litresPerMinute) => 5.5 * (1 - Math.Exp(-litresPerMinute / 4));
}
