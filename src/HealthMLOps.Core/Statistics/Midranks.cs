namespace HealthMLOps.Statistics;

/// <summary>Ranks from 1; equal values share the mean of the ranks they take up.</summary>
internal static class Midranks
{
    public static double[] Of(double[] values)
    {
        var order = new int[values.Length];
        for (var i = 0; i < order.Length; i++)
        {
            if (double.IsNaN(values[i])) throw new ArgumentException("A score is not a number; allowed: numbers, which have an order.");
            order[i] = i;
        }
        Array.Sort((double[])values.Clone(), order);
        var ranks = new double[values.Length];
        for (int from = 0, to; from < order.Length; from = to)
        {
            to = from + 1;
            while (to < order.Length && values[order[to]] == values[order[from]]) to++;
            for (var i = from; i < to; i++) ranks[order[i]] = (from + to + 1) / 2.0;
        }
        return ranks;
    }

    public static double[] Select(ReadOnlySpan<double> scores, ReadOnlySpan<bool> labels, bool wanted)
    {
        var selected = new List<double>();
        for (var i = 0; i < scores.Length; i++)
            if (labels[i] == wanted) selected.Add(scores[i]);
        return [.. selected];
    }
}
