using System.Collections.Immutable;
using System.Runtime.InteropServices;
using HealthMLOps.Clinical;

namespace HealthMLOps.Features;

/// <summary>The one definition of a model's inputs, for training and for serving.</summary>
public sealed record FeatureSet
{
    /// <summary>Changes whenever the same definition may give another number.</summary>
    public const int EngineVersion = 1;

    /// <summary>Features in one set.</summary>
    public const int FeaturesMax = 512;

    internal FeatureSet(string name, string? description, ImmutableArray<FeatureDefinition> features)
    {
        (Name, Description, Features) = (name, description, features);
        Hash = FeatureSetHash.Of(features);
    }

    public string Name { get; }
    public string? Description { get; }

    /// <summary>SHA-256, lower-case hexadecimal, over all that changes a value: codes, units, windows, rules, bounds, engine.</summary>
    public string Hash { get; }
    public ImmutableArray<FeatureDefinition> Features { get; }

    /// <summary>Reads a file of <c>config/features/</c>.</summary>
    /// <exception cref="InvalidConfiguration">The text breaks a rule; the message names the element, what it holds and what is allowed.</exception>
    public static FeatureSet Read(string json, ConceptCatalog catalog) => FeatureSetReader.Read(json, catalog);

    /// <summary>The features as true at <paramref name="asOf"/> and known at <paramref name="knownAt"/>. The same set of facts gives the same bits.</summary>
    public FeatureVector Compute(Timeline timeline, DateTimeOffset asOf, DateTimeOffset knownAt)
    {
        using var computation = new FeatureComputation(timeline, asOf, knownAt);
        var values = new double?[Features.Length];
        var newestTicks = new long[Features.Length];
        for (var i = 0; i < values.Length; i++) (values[i], newestTicks[i]) = computation.Of(Features[i]);
        return new FeatureVector
        {
            Set = this,
            AsOf = asOf,
            KnownAt = knownAt,
            Values = ImmutableCollectionsMarshal.AsImmutableArray(values),
            NewestInputTicks = ImmutableCollectionsMarshal.AsImmutableArray(newestTicks),
        };
    }

    /// <summary>For each feature, which entries it came from and which were left out.</summary>
    public ImmutableArray<FeatureInput> Explain(Timeline timeline, DateTimeOffset asOf, DateTimeOffset knownAt)
    {
        using var computation = new FeatureComputation(timeline, asOf, knownAt);
        return [.. Features.Select(feature => FeatureExplanation.Of(feature, computation))];
    }
}
