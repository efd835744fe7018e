using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using HealthMLOps.Statistics;

namespace HealthMLOps.Training;

/// <summary>What is known of a model from its training: travels inside its package.</summary>
/// <remarks>All measures are out of fold: each row was predicted by a model that had seen no row of its patient. They still come from
/// the rows that chose the options, so validation on later data decides, not these.</remarks>
public sealed record TrainingReport
{
    private static readonly JsonSerializerOptions Format = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) },
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    };

    public required TrainingOptions Options { get; init; }
    public required int Rows { get; init; }
    public required int Positives { get; init; }
    public required int Patients { get; init; }
    public required ImmutableArray<string> Features { get; init; }

    /// <summary>Over all rows; its interval knows that rows of one patient belong together.</summary>
    public required AurocEstimate Auroc { get; init; }

    /// <summary>In each fold; null where a fold has one class only.</summary>
    public required ImmutableArray<double?> FoldAurocs { get; init; }
    public required double AveragePrecision { get; init; }
    public required double Brier { get; init; }
    public required double LogLoss { get; init; }

    /// <summary>null where no finite line exists.</summary>
    public required CalibrationLine? Calibration { get; init; }

    /// <summary>Greatest difference between ML.NET's probability and that of the ONNX file, over all training rows, whole and with values taken away.</summary>
    public required double OnnxDifferenceMax { get; init; }

    /// <summary>SHA-256 of the ONNX file, lower-case hexadecimal.</summary>
    public required string OnnxDigest { get; init; }

    /// <summary>The libraries that trained, name and version.</summary>
    public required ImmutableArray<string> Libraries { get; init; }

    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, Format);
}
