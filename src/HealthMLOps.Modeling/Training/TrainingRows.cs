using System.Collections.Immutable;

namespace HealthMLOps.Training;

/// <summary>What a model learns from: one row of features for each patient and time, with its outcome.</summary>
/// <remarks>The matrix is row by row; NaN = missing. This is the form that the learners take, and the only place beside the tensor where NaN means so.</remarks>
public sealed class TrainingRows
{
    public const int RowsMax = 5_000_000;
    public const long ValuesMax = 500_000_000;

    /// <exception cref="TrainingRefused">The parts don't fit together, or hold an infinite value.</exception>
    public TrainingRows(ImmutableArray<string> features, float[] values, bool[] labels, string[] groups)
    {
        if (features.IsDefaultOrEmpty || features.Distinct(StringComparer.Ordinal).Count() != features.Length)
            throw new TrainingRefused("Training rows need at least one feature, each named once.");
        if (labels.Length is 0 or > RowsMax || values.LongLength > ValuesMax)
            throw new TrainingRefused($"There are {labels.Length} training rows with {values.LongLength} values; allowed: 1 to {RowsMax} rows, up to {ValuesMax} values.");
        if (groups.Length != labels.Length || values.LongLength != (long)labels.Length * features.Length)
            throw new TrainingRefused($"{labels.Length} labels, {groups.Length} groups and {values.LongLength} values of {features.Length} features don't fit together.");
        var infinite = Array.FindIndex(values, float.IsInfinity);
        if (infinite >= 0) throw new TrainingRefused($"Feature '{features[infinite % features.Length]}' is infinite in a training row; allowed: finite numbers, NaN for missing.");
        (Features, Values, Labels, Groups) = (features, values, labels, groups);
    }

    /// <summary>Takes rows as the feature set computes them. Values become single precision here just as they do when a session scores.</summary>
    /// <exception cref="TrainingRefused">The parts don't fit together, or a value is beyond single precision.</exception>
    public static TrainingRows Of(ImmutableArray<string> features, IReadOnlyList<ImmutableArray<double?>> rows, IReadOnlyList<bool> labels, IReadOnlyList<string> groups)
    {
        if (rows.Any(row => row.Length != features.Length)) throw new TrainingRefused($"A training row has another number of values than there are features ({features.Length}).");
        return new(features, [.. rows.SelectMany(row => row.Select(value => value is { } number ? (float)number : float.NaN))], [.. labels], [.. groups]);
    }

    public ImmutableArray<string> Features { get; }

    /// <summary>The patient of each row: rows of one patient never part in cross-validation.</summary>
    public IReadOnlyList<string> Groups { get; }
    public int Count => Labels.Length;

    internal float[] Values { get; }
    internal bool[] Labels { get; }
    internal int Width => Features.Length;

    internal ReadOnlySpan<float> Row(int index) => Values.AsSpan(index * Width, Width);

    internal TrainingRows Pick(IReadOnlyList<int> rows)
    {
        var values = new float[rows.Count * Width];
        for (var i = 0; i < rows.Count; i++) Row(rows[i]).CopyTo(values.AsSpan(i * Width));
        return new TrainingRows(Features, values, [.. rows.Select(row => Labels[row])], [.. rows.Select(row => Groups[row])]);
    }

    internal TrainingRows WithValues(float[] values) => new(Features, values, Labels, (string[])Groups);

    /// <summary>The rows' indices in an order that depends on what the rows hold, not on how they came: by group, then values, then label.</summary>
    internal int[] CanonicalOrder()
    {
        var order = Enumerable.Range(0, Count).ToArray();
        Array.Sort(order, (a, b) =>
        {
            var byGroup = string.CompareOrdinal(Groups[a], Groups[b]);
            if (byGroup != 0) return byGroup;
            var byValues = Row(a).SequenceCompareTo(Row(b));
            return byValues != 0 ? byValues : Labels[a].CompareTo(Labels[b]);
        });
        return order;
    }
}
