namespace HealthMLOps.Statistics;

/// <summary>How good predicted probabilities are, as one number each. There is at least one row.</summary>
public static class ProbabilityMeasures
{
    private const double LogClip = 1e-15;

    /// <summary>Mean squared distance of the probability from the outcome: 0 is perfect.</summary>
    public static double Brier(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> labels)
    {
        CheckLengths(probabilities, labels);
        var sum = 0.0;
        for (var i = 0; i < probabilities.Length; i++)
        {
            var miss = probabilities[i] - (labels[i] ? 1 : 0);
            sum += miss * miss;
        }
        return sum / probabilities.Length;
    }

    /// <summary>Mean negative log-likelihood in nats, probabilities held within [1e-15, 1 - 1e-15].</summary>
    public static double LogLoss(ReadOnlySpan<double> probabilities, ReadOnlySpan<bool> labels)
    {
        CheckLengths(probabilities, labels);
        var sum = 0.0;
        for (var i = 0; i < probabilities.Length; i++)
        {
            var p = Math.Clamp(probabilities[i], LogClip, 1 - LogClip);
            sum -= Math.Log(labels[i] ? p : 1 - p);
        }
        return sum / probabilities.Length;
    }

    /// <summary>Area under precision over recall as average precision: the sum of precision times gain in recall over distinct scores, from the highest.</summary>
    /// <returns>null when no row has the outcome.</returns>
    public static double? AveragePrecision(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels)
    {
        CheckLengths(scores, labels);
        var sortedScores = scores.ToArray();
        var sortedLabels = labels.ToArray();
        Array.Sort(sortedScores, sortedLabels);
        double found = 0, foundBefore = 0, area = 0;
        for (var i = sortedScores.Length - 1; i >= 0; i--)
        {
            if (sortedLabels[i]) found++;
            if (i > 0 && sortedScores[i - 1] == sortedScores[i]) continue; // Tied scores are one threshold.
            area += (found - foundBefore) * found / (sortedScores.Length - i);
            foundBefore = found;
        }
        return found > 0 ? area / found : null;
    }

    private static void CheckLengths(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels)
    {
        if (scores.Length != labels.Length || scores.Length == 0)
            throw new ArgumentException($"Each score has a label, and there is at least one: {scores.Length} scores, {labels.Length} labels.");
    }
}
