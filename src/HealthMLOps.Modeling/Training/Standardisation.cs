namespace HealthMLOps.Training;

/// <summary>What happens to a value before logistic regression sees it, learnt from the training rows.</summary>
/// <param name="Medians">Stands in for what is missing; 0 where a feature was never present.</param>
/// <param name="Means">Mean after imputation.</param>
/// <param name="Scales">1 / standard deviation after imputation; 0 where the feature is constant.</param>
internal sealed record Standardisation(float[] Medians, float[] Means, float[] Scales)
{
    /// <summary>Standardised values are held within ± this, so that one wrong entry can't decide a score alone.</summary>
    public const float Limit = 5;

    public static Standardisation Of(TrainingRows rows)
    {
        float[] medians = [.. FeatureQuantiles.Of(rows, 0.5).Select(median => median ?? 0)];
        var means = new float[rows.Width];
        var scales = new float[rows.Width];
        for (var f = 0; f < rows.Width; f++)
        {
            double sum = 0, squares = 0;
            for (var r = 0; r < rows.Count; r++) sum += Imputed(rows.Row(r)[f], medians[f]);
            var mean = sum / rows.Count;
            for (var r = 0; r < rows.Count; r++) squares += Math.Pow(Imputed(rows.Row(r)[f], medians[f]) - mean, 2);
            means[f] = (float)mean;
            scales[f] = squares > 0 ? (float)Math.Sqrt(rows.Count / squares) : 0;
            if (!float.IsFinite(scales[f])) scales[f] = 0;
        }
        return new(medians, means, scales);
    }

    /// <summary>The standardised values, then a 1 for each value that was missing. Single precision throughout, as ONNX computes it.</summary>
    public float[] Apply(ReadOnlySpan<float> row)
    {
        var prepared = new float[2 * row.Length];
        for (var f = 0; f < row.Length; f++)
        {
            var centred = Imputed(row[f], Medians[f]) - Means[f];
            prepared[f] = Math.Clamp(centred * Scales[f], -Limit, Limit);
            prepared[row.Length + f] = float.IsNaN(row[f]) ? 1 : 0;
        }
        return prepared;
    }

    private static float Imputed(float value, float median) => float.IsNaN(value) ? median : value;
}
