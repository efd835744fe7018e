using System.Collections.Immutable;
using HealthMLOps.Models;

namespace HealthMLOps.Training;

/// <summary>What training hands out: everything that a package needs beside policy and intended use.</summary>
public sealed record TrainedModel
{
    public const string InputName = OnnxGraph.Input;
    public const string OutputName = OnnxGraph.Output;

    public required ReadOnlyMemory<byte> Onnx { get; init; }

    /// <summary>For the contract: the one input with all features in training order.</summary>
    public required ImmutableArray<ModelInput> Inputs { get; init; }

    /// <summary>For the contract: the one column of probabilities.</summary>
    public required ModelOutput Output { get; init; }

    /// <summary>For the contract: the median of each feature; null where it was never present.</summary>
    public required ImmutableArray<double?> Reference { get; init; }

    /// <summary>For the contract: made-up rows of typical, low and high values, so that no patient's row travels with the model.</summary>
    public required ImmutableArray<GoldenInput> GoldenInputs { get; init; }

    /// <summary>Each training row's probability, in the caller's order, by a model that had seen no row of its patient.</summary>
    public required ImmutableArray<double> OutOfFold { get; init; }
    public required TrainingReport Report { get; init; }
}
