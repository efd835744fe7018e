namespace HealthMLOps.Statistics;

/// <summary>The logistic recalibration of predicted probabilities: logit P(outcome) = Intercept + Slope * logit(predicted).</summary>
/// <param name="Slope">1 is right; below 1 the predictions are too extreme.</param>
/// <param name="Intercept">0 is right, given the slope.</param>
/// <remarks>Cox (Biometrika 1958), Van Calster et al. (J Clin Epidemiol 2016). Unpenalised maximum likelihood by Newton's method; predictions held within [1e-6, 1 - 1e-6].</remarks>
[GenerateSerializer, Immutable, Alias("calibration-line")]
public sealed record CalibrationLine([property: Id(0)] double Slope, [property: Id(1)] double Intercept)
{
    private const double Clip = 1e-6;
    private const int StepsMax = 100;
    private const double Tolerance = 1e-12;
    private const double CoefficientMax = 1e3;

    /// <returns>null where no finite estimate exists: one class only, one distinct prediction only, or perfect separation.</returns>
    public static CalibrationLine? Fit(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> labels)
    {
        if (probabilities.Length != labels.Length) throw new ArgumentException($"Each probability has a label: {probabilities.Length} probabilities, {labels.Length} labels.");
        var logits = new double[probabilities.Length];
        for (var i = 0; i < logits.Length; i++)
        {
            var p = Math.Clamp(probabilities[i], Clip, 1 - Clip);
            logits[i] = Math.Log(p / (1 - p));
        }
        double intercept = 0, slope = 0;
        for (var step = 0; step < StepsMax; step++)
        {
            if (Step(logits, labels, intercept, slope) is not { } change) return null;
            (intercept, slope) = (intercept + change.Intercept, slope + change.Slope);
            if (!(Math.Abs(intercept) < CoefficientMax && Math.Abs(slope) < CoefficientMax)) return null;
            if (Math.Abs(change.Intercept) + Math.Abs(change.Slope) < Tolerance) return new(slope, intercept);
        }
        return null;
    }

    /// <summary>One Newton step; null where the information matrix has no inverse.</summary>
    private static (double Intercept, double Slope)? Step(double[] logits, ReadOnlySpan<bool> labels, double intercept, double slope)
    {
        double g0 = 0, g1 = 0, h00 = 0, h01 = 0, h11 = 0;
        for (var i = 0; i < logits.Length; i++)
        {
            var p = 1 / (1 + Math.Exp(-(intercept + (slope * logits[i]))));
            var residual = (labels[i] ? 1 : 0) - p;
            var weight = p * (1 - p);
            g0 += residual;
            g1 += residual * logits[i];
            h00 += weight;
            h01 += weight * logits[i];
            h11 += weight * logits[i] * logits[i];
        }
        var determinant = (h00 * h11) - (h01 * h01);
        if (!(determinant > Tolerance * h00 * h11)) return null;
        return (((h11 * g0) - (h01 * g1)) / determinant, ((h00 * g1) - (h01 * g0)) / determinant);
    }
}
