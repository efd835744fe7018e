using System.Collections.Immutable;

namespace HealthMLOps.Features;

/// <summary>The features of one patient, as true at one time and known at another.</summary>
public sealed record FeatureVector
{
    public required FeatureSet Set { get; init; }
    public required DateTimeOffset AsOf { get; init; }
    public required DateTimeOffset KnownAt { get; init; }

    /// <summary>In the set's order; null = missing. A category is its place among the feature's categories.</summary>
    public required ImmutableArray<double?> Values { get; init; }

    /// <summary>The newest entry behind each feature, as UTC ticks of its effective time; 0 where there was none.</summary>
    public required ImmutableArray<long> NewestInputTicks { get; init; }

    /// <summary>The word of a category feature; null where it is missing.</summary>
    /// <exception cref="InvalidOperationException">The feature is a number.</exception>
    public string? CategoryOf(int place)
    {
        var feature = Set.Features[place];
        if (feature.Categories.IsEmpty) throw new InvalidOperationException($"The feature '{feature.Name}' of '{Set.Name}' is a number, not a category.");
        return Values[place] is { } value ? feature.Categories[(int)value] : null;
    }

    /// <summary>Writes the values as a model reads them: NaN where missing, here and nowhere else.</summary>
    public void ToTensor(Span<float> row)
    {
        if (row.Length != Values.Length) throw new ArgumentException($"A row of '{Set.Name}' has {Values.Length} numbers; got room for {row.Length}.", nameof(row));
        for (var i = 0; i < row.Length; i++) row[i] = Values[i] is { } value ? (float)value : float.NaN;
    }
}
