namespace HealthMLOps.Statistics;

/// <summary>Area under the receiver operating characteristic: how often a case with the outcome scores above one without; ties count half.</summary>
/// <remarks>
/// The Mann-Whitney statistic with midranks. Variance: DeLong, DeLong &amp; Clarke-Pearson (Biometrics 1988), computed by
/// midranks as Sun &amp; Xu (IEEE Signal Process. Lett. 2014). With several rows a patient the rows are not independent: the
/// variance then is Obuchowski's (Biometrics 1997), which sums the structural components by patient and equals DeLong's for one row each.
/// </remarks>
public static class Auroc
{
    /// <summary>Each row is its own patient.</summary>
    /// <returns>null when one of the two classes is empty: then there is no AUROC.</returns>
    public static AurocEstimate? Of(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels)
    {
        if (Components.Of(scores, labels) is not { } parts) return null;
        var variance = (SampleVariance(parts.OfPositives, parts.Area) / parts.OfPositives.Length)
            + (SampleVariance(parts.OfNegatives, parts.Area) / parts.OfNegatives.Length);
        return new(parts.Area, Math.Sqrt(variance), parts.OfPositives.Length, parts.OfNegatives.Length);
    }

    /// <summary>Rows of the same group (patient) belong together.</summary>
    /// <returns>null when one of the two classes is empty.</returns>
    public static AurocEstimate? OfGrouped(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels, IReadOnlyList<string> groups)
    {
        if (groups.Count != scores.Length) throw new ArgumentException($"Each row has a group: {scores.Length} rows, {groups.Count} groups.");
        if (Components.Of(scores, labels) is not { } parts) return null;
        var deviations = new SortedDictionary<string, (double OfPositives, double OfNegatives, bool HasPositive, bool HasNegative)>(StringComparer.Ordinal);
        for (int i = 0, positive = 0, negative = 0; i < scores.Length; i++)
        {
            deviations.TryGetValue(groups[i], out var sum);
            deviations[groups[i]] = labels[i]
                ? (sum.OfPositives + parts.OfPositives[positive++] - parts.Area, sum.OfNegatives, true, sum.HasNegative)
                : (sum.OfPositives, sum.OfNegatives + parts.OfNegatives[negative++] - parts.Area, sum.HasPositive, true);
        }
        double m = parts.OfPositives.Length, n = parts.OfNegatives.Length;
        var s10 = PerDegree(deviations.Values.Count(sum => sum.HasPositive)) * deviations.Values.Sum(sum => sum.OfPositives * sum.OfPositives) / m;
        var s01 = PerDegree(deviations.Values.Count(sum => sum.HasNegative)) * deviations.Values.Sum(sum => sum.OfNegatives * sum.OfNegatives) / n;
        var s11 = PerDegree(deviations.Count) * deviations.Values.Sum(sum => sum.OfPositives * sum.OfNegatives);
        var variance = Math.Max(0, (s10 / m) + (s01 / n) + (2 * s11 / (m * n)));
        return new(parts.Area, Math.Sqrt(variance), parts.OfPositives.Length, parts.OfNegatives.Length);
    }

    private static double PerDegree(int groups) => groups > 1 ? groups / (groups - 1.0) : double.NaN;

    private static double SampleVariance(double[] values, double mean) =>
        values.Length > 1 ? values.Sum(value => (value - mean) * (value - mean)) / (values.Length - 1) : double.NaN;

    /// <summary>Each positive's share of negatives below it, each negative's share of positives above it, in the order of the rows.</summary>
    private sealed record Components(double Area, double[] OfPositives, double[] OfNegatives)
    {
        public static Components? Of(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels)
        {
            if (scores.Length != labels.Length) throw new ArgumentException($"Each score has a label: {scores.Length} scores, {labels.Length} labels.");
            var positives = Midranks.Select(scores, labels, wanted: true);
            var negatives = Midranks.Select(scores, labels, wanted: false);
            if (positives.Length == 0 || negatives.Length == 0) return null;
            var all = Midranks.Of([.. positives, .. negatives]);
            var amongPositives = Midranks.Of(positives);
            var amongNegatives = Midranks.Of(negatives);
            double m = positives.Length, n = negatives.Length;
            double[] ofPositives = [.. amongPositives.Select((rank, i) => (all[i] - rank) / n)];
            double[] ofNegatives = [.. amongNegatives.Select((rank, i) => 1 - ((all[positives.Length + i] - rank) / m))];
            return new(ofPositives.Average(), ofPositives, ofNegatives);
        }
    }
}
