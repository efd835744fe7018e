using System.Collections.Immutable;
using System.Runtime.InteropServices;
using HealthMLOps.Features;
using HealthMLOps.Rings;

namespace HealthMLOps.Models;

/// <summary>A model version that may score on this silo.</summary>
/// <param name="Version">Which.</param>
/// <param name="PackageDigest">SHA-256 of its package.</param>
/// <param name="Contract">What it needs and promises.</param>
/// <param name="Features">The exact feature definitions that it was trained with.</param>
/// <param name="Ring">The ring that it serves in.</param>
/// <param name="Label">What every answer must say of it ("unvalidated").</param>
public sealed record ServedModel(
    ModelVersion Version, string PackageDigest, ModelContract Contract, FeatureSet Features, string Ring, string Label)
{
    private readonly ImmutableArray<int> _columns = Columns(Contract, Features);

    /// <summary>Where the rings have put it; null = it was never in a ring and is shown because this silo may show unvalidated versions.</summary>
    public Placement? Placement { get; init; }

    /// <summary>Scores are kept and shown to nobody but monitoring.</summary>
    public bool IsShadow => Placement is { Stage: RingStage.Shadow };

    /// <summary>Whether its scores may be shown for a patient in this unit.</summary>
    public bool IsShownIn(string? unit) => Placement is null || Placement.IsShownIn(unit);

    /// <summary>The model's row, in the contract's order, out of a vector in the set's order.</summary>
    public ImmutableArray<double?> Row(ImmutableArray<double?> vector)
    {
        var row = new double?[_columns.Length];
        for (var i = 0; i < row.Length; i++) row[i] = vector[_columns[i]];
        return ImmutableCollectionsMarshal.AsImmutableArray(row);
    }

    private static ImmutableArray<int> Columns(ModelContract contract, FeatureSet features)
    {
        var places = features.Features.Select((f, i) => (f.Name, i)).ToDictionary(f => f.Name, f => f.i, StringComparer.Ordinal);
        return [.. contract.RowOrder().Select(name => places.TryGetValue(name, out var at)
            ? at
            : throw new PackageRefused($"Model '{contract.Model}' needs feature '{name}', which set '{features.Name}' doesn't have."))];
    }
}
