using System.Collections.Immutable;

namespace HealthMLOps.Models;

/// <summary>What a model promises and needs: the half of a package that people and gates read.</summary>
[GenerateSerializer, Immutable, Alias("model-contract")]
public sealed record ModelContract
{
    [Id(0)] public required string Model { get; init; }
    [Id(1)] public required string FeatureSet { get; init; }

    /// <summary>Hash of the exact feature definitions that it was trained with, lower-case hexadecimal SHA-256.</summary>
    [Id(2)] public required string FeatureSetHash { get; init; }

    /// <summary>The ONNX inputs, in the model's order.</summary>
    [Id(3)] public required ImmutableArray<ModelInput> Inputs { get; init; }
    [Id(4)] public required ModelOutput Output { get; init; }

    /// <summary>Bands from low to high, each with the least score that belongs to it; the first begins at 0.</summary>
    [Id(5)] public required ImmutableArray<RiskBand> Bands { get; init; }

    /// <summary>The score from which the model advises to act, in [0, 1].</summary>
    [Id(6)] public required double Threshold { get; init; }
    [Id(7)] public required IntendedUse IntendedUse { get; init; }

    /// <summary>Features without which there is no score.</summary>
    [Id(8)] public ImmutableArray<string> Required { get; init; } = [];

    /// <summary>At least this share of the features must be present, in [0, 1].</summary>
    [Id(9)] public double PresentShareMin { get; init; }

    /// <summary>The newest input may be at most this old; null = no limit.</summary>
    [Id(10)] public TimeSpan? InputAgeMax { get; init; }

    /// <summary>How long an answer may be shown after it was computed.</summary>
    [Id(11)] public TimeSpan ValidFor { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>The typical value of each feature in training (median), in row order; null where it was never present. Contributions are measured against it.</summary>
    [Id(12)] public ImmutableArray<double?> Reference { get; init; } = [];

    /// <summary>Inputs and the score each must give (within 1e-6): checked whenever a session is loaded.</summary>
    [Id(13)] public ImmutableArray<GoldenInput> GoldenInputs { get; init; } = [];

    /// <summary>The names of a row's values, in order: the features of all inputs, one input after the other. A feature stands in one input only.</summary>
    public ImmutableArray<string> RowOrder() => [.. Inputs.SelectMany(input => input.Features)];
}

/// <summary>One ONNX input and the features that fill it.</summary>
/// <param name="Name">The input's name in the ONNX graph.</param>
/// <param name="Features">The features in column order: all of the set for a single tensor, one for a named input.</param>
[GenerateSerializer, Immutable, Alias("model-input")]
public sealed record ModelInput([property: Id(0)] string Name, [property: Id(1)] ImmutableArray<string> Features)
{
    /// <summary>For an input of text: the word that stands for each category index of its one feature; empty for numbers.</summary>
    [Id(2)] public ImmutableArray<string> Words { get; init; } = [];
}

/// <summary>Where in the ONNX outputs the probability stands.</summary>
/// <param name="Name">The output's name in the ONNX graph.</param>
/// <param name="Kind">How the output holds the probability.</param>
/// <param name="PositiveClass">Column of a tensor with several columns, or the key of a ZipMap ("1", "true").</param>
[GenerateSerializer, Immutable, Alias("model-output")]
public sealed record ModelOutput([property: Id(0)] string Name, [property: Id(1)] ModelOutputKind Kind, [property: Id(2)] string? PositiveClass);

[GenerateSerializer, Alias("model-output-kind")]
public enum ModelOutputKind { Tensor, ZipMap }

/// <summary>A named stretch of the score, from <paramref name="From"/> up to the next band.</summary>
[GenerateSerializer, Immutable, Alias("risk-band")]
public sealed record RiskBand([property: Id(0)] string Name, [property: Id(1)] double From);

/// <summary>What the model is for, in the words a clinician reads beside each score.</summary>
[GenerateSerializer, Immutable, Alias("intended-use")]
public sealed record IntendedUse
{
    [Id(0)] public required string Statement { get; init; }
    [Id(1)] public required string Population { get; init; }

    /// <summary>Text of the predicted outcome ("Clinical deterioration").</summary>
    [Id(2)] public required string Outcome { get; init; }

    /// <summary>SNOMED CT code of the outcome, where one fits.</summary>
    [Id(3)] public string? OutcomeSnomed { get; init; }

    /// <summary>The time ahead that the score speaks of.</summary>
    [Id(4)] public required TimeSpan Horizon { get; init; }

    /// <summary>"inpatient": only patients with an open inpatient encounter are scored; "any": all.</summary>
    [Id(5)] public string ScoredPopulation { get; init; } = "any";
}

/// <summary>A row of inputs in the contract's row order, and its score.</summary>
[GenerateSerializer, Immutable, Alias("golden-input")]
public sealed record GoldenInput([property: Id(0)] ImmutableArray<double?> Values, [property: Id(1)] double Score);
