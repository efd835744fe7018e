using System.Collections.Frozen;
using System.Collections.Immutable;
using HealthMLOps.Rings;

namespace HealthMLOps.Models;

/// <summary>This silo's copy of who may score, and for whom it is shown. The data plane reads it and never asks the control plane.</summary>
public sealed class ServingPlan
{
    public static readonly ServingPlan Empty = new(0, [], "No model version is registered.");

    private readonly FrozenDictionary<ModelVersion, ServedModel> _byVersion;
    private readonly FrozenDictionary<string, ImmutableArray<ServedModel>> _shown;

    /// <param name="epoch">Grows with every change of the registry or of the rings.</param>
    /// <param name="models">Every version that scores: production, canaries and shadows.</param>
    /// <param name="whyNothing">What to answer for a model that does not serve.</param>
    public ServingPlan(long epoch, ImmutableArray<ServedModel> models, string whyNothing)
    {
        (Epoch, Models, WhyNothing) = (epoch, models, whyNothing);
        _byVersion = models.ToFrozenDictionary(m => m.Version);
        // A canary wins over production in its own units.
        _shown = models.Where(m => !m.IsShadow).GroupBy(m => m.Version.Model)
            .ToFrozenDictionary(g => g.Key, g => g.OrderBy(m => m.Placement?.Stage == RingStage.Canary ? 0 : 1).ToImmutableArray(), StringComparer.Ordinal);
        Names = [.. _shown.Keys.Order(StringComparer.Ordinal)];
    }

    public long Epoch { get; }

    /// <summary>All that score on each event.</summary>
    public ImmutableArray<ServedModel> Models { get; }

    /// <summary>Models that are shown for at least some patients.</summary>
    public ImmutableArray<string> Names { get; }
    public string WhyNothing { get; }

    /// <summary>Versions that a rollback would bring back: kept loaded.</summary>
    public ImmutableArray<ServedModel> Warm { get; init; } = [];

    /// <summary>The version that is shown for a patient in this unit, or null.</summary>
    public ServedModel? Serving(string model, string? unit) =>
        _shown.TryGetValue(model, out var versions) ? versions.FirstOrDefault(v => v.IsShownIn(unit)) : null;

    public ServedModel? Find(ModelVersion version) => _byVersion.GetValueOrDefault(version);

    /// <summary>Why nothing is shown for this model and unit.</summary>
    public (NoScoreReason Reason, string Detail) WhyNot(string model) => Names.Contains(model)
        ? (NoScoreReason.OutsideRing, $"{model} is shown in some units only, and the patient's is not among them.")
        : (NoScoreReason.NoModel, WhyNothing);
}
