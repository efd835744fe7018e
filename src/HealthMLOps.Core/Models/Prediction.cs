using System.Collections.Immutable;

namespace HealthMLOps.Models;

/// <summary>One score, or the reason why there is none, with what it was made from. Appended together with the facts that caused it.</summary>
[GenerateSerializer, Immutable, Alias("prediction")]
public sealed record Prediction
{
    [Id(0)] public required ModelVersion Model { get; init; }

    /// <summary>SHA-256 of the model package that scored, lower-case hexadecimal.</summary>
    [Id(1)] public required string PackageDigest { get; init; }
    [Id(2)] public required string FeatureSet { get; init; }
    [Id(3)] public required string FeatureSetHash { get; init; }
    [Id(4)] public required DateTimeOffset AsOf { get; init; }

    /// <summary>Feature values in the set's order; null = missing. Categories are held by their index in the feature's declared list.</summary>
    [Id(5)] public required ImmutableArray<double?> Values { get; init; }

    /// <summary>The newest entry behind each feature, as UTC ticks of its effective time; 0 where there was none.</summary>
    [Id(6)] public required ImmutableArray<long> NewestInputTicks { get; init; }

    /// <summary>Probability in [0, 1]; null = no score.</summary>
    [Id(7)] public double? Score { get; init; }
    [Id(8)] public NoScoreReason? NoScore { get; init; }

    /// <summary>What a person needs to understand <see cref="NoScore"/>; no identifiers and no values of the patient.</summary>
    [Id(9)] public string? NoScoreDetail { get; init; }

    /// <summary>Epoch of the serving plan that its silo knew before it scored; 0 in predictions of releases that did not keep it.</summary>
    [Id(10)] public long PlanEpoch { get; init; }

    public override string ToString() => "[prediction]";
}

/// <summary>Why there is no score. Each is a distinct, typed answer.</summary>
[GenerateSerializer, Alias("no-score-reason")]
public enum NoScoreReason
{
    /// <summary>No version of the model may serve.</summary>
    NoModel,
    /// <summary>Too many required inputs are missing.</summary>
    MissingInputs,
    /// <summary>The newest input is older than the contract allows.</summary>
    StaleData,
    /// <summary>The patient is outside the model's intended population (for example not an inpatient).</summary>
    OutsidePopulation,
    /// <summary>The model gave no finite number.</summary>
    NonFiniteOutput,
    /// <summary>The model gave a number outside [0, 1].</summary>
    OutputOutOfRange,
    /// <summary>The model could not be loaded or failed to run.</summary>
    ModelFailed,
    /// <summary>The patient is known but has no score yet.</summary>
    NotScoredYet,
    /// <summary>Somebody has pulled the kill switch for this answer.</summary>
    Halted,
    /// <summary>This silo's copy of the plan is not known to be the current one.</summary>
    NoLease,
    /// <summary>The patient's unit is in none of the model's rings.</summary>
    OutsideRing,
}
