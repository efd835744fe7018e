using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using HealthMLOps.Features;

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

/// <summary>This silo's copy of who may score. The data plane reads it and never asks the control plane.</summary>
public sealed class ServingPlan
{
    public static readonly ServingPlan Empty = new(0, [], "No model version is registered.");

    private readonly FrozenDictionary<string, ServedModel> _byModel;

    /// <param name="epoch">Grows with every change of the registry.</param>
    /// <param name="models">One serving version a model.</param>
    /// <param name="whyNothing">What to answer for a model that does not serve.</param>
    public ServingPlan(long epoch, ImmutableArray<ServedModel> models, string whyNothing)
    {
        (Epoch, Models, WhyNothing) = (epoch, models, whyNothing);
        _byModel = models.ToFrozenDictionary(m => m.Version.Model, StringComparer.Ordinal);
        _byVersion = models.ToFrozenDictionary(m => m.Version);
    }

    private readonly FrozenDictionary<ModelVersion, ServedModel> _byVersion;

    public long Epoch { get; }
    public ImmutableArray<ServedModel> Models { get; }
    public string WhyNothing { get; }

    public ServedModel? Serving(string model) => _byModel.GetValueOrDefault(model);

    public ServedModel? Find(ModelVersion version) => _byVersion.GetValueOrDefault(version);
}
