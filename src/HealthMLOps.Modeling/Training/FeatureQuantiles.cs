namespace HealthMLOps.Training;

/// <summary>Typical values of each feature among the rows where it is present.</summary>
internal static class FeatureQuantiles
{
    /// <returns>For each feature an observed value with that share of the values at or below it; null where the feature was never present.</returns>
    public static float?[] Of(TrainingRows rows, double share)
    {
        var quantiles = new float?[rows.Width];
        var present = new List<float>(rows.Count);
        for (var f = 0; f < rows.Width; f++)
        {
            present.Clear();
            for (var r = 0; r < rows.Count; r++)
                if (!float.IsNaN(rows.Row(r)[f])) present.Add(rows.Row(r)[f]);
            present.Sort();
            quantiles[f] = present.Count > 0 ? present[(int)(share * (present.Count - 1))] : null;
        }
        return quantiles;
    }
}
