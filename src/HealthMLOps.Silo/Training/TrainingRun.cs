namespace HealthMLOps.Training;

/// <summary>What was asked of a training run.</summary>
[GenerateSerializer, Immutable, Alias("training-request")]
public sealed record TrainingRequest
{
    [Id(0)] public required string FeatureSet { get; init; }
    [Id(1)] public required string Cohort { get; init; }
    [Id(2)] public required string Label { get; init; }

    /// <summary>fasttree, lightgbm or logistic-regression.</summary>
    [Id(3)] public required string Algorithm { get; init; }
    [Id(4)] public int Seed { get; init; } = 1;
    [Id(5)] public int Folds { get; init; } = 5;

    /// <summary>The model's name; null = the feature set's.</summary>
    [Id(6)] public string? Model { get; init; }

    /// <summary>Whether the trained package is registered as the model's next version.</summary>
    [Id(7)] public bool Register { get; init; }
}

/// <summary>One training run, from the request to its result.</summary>
[GenerateSerializer, Immutable, Alias("training-run")]
public sealed record TrainingRun
{
    [Id(0)] public required string Id { get; init; }
    [Id(1)] public required TrainingRequest Request { get; init; }
    [Id(2)] public required TrainingRunState State { get; init; }
    [Id(3)] public required DateTimeOffset AskedAt { get; init; }
    [Id(4)] public required string AskedBy { get; init; }

    /// <summary>What it is doing now, in words.</summary>
    [Id(5)] public string Stage { get; init; } = "";

    /// <summary>Share done, in [0, 1].</summary>
    [Id(6)] public double Progress { get; init; }
    [Id(7)] public TrainingResult? Result { get; init; }

    /// <summary>Why it failed.</summary>
    [Id(8)] public string? Error { get; init; }

    public override string ToString() => "[training run]";
}

[GenerateSerializer, Alias("training-run-state")]
public enum TrainingRunState { Queued, Running, Succeeded, Failed }

/// <summary>What a run found, out of fold, and the package that it made.</summary>
[GenerateSerializer, Immutable, Alias("training-result")]
public sealed record TrainingResult
{
    [Id(0)] public required string PackageDigest { get; init; }
    [Id(1)] public required int Rows { get; init; }
    [Id(2)] public required int Positives { get; init; }
    [Id(3)] public required int Patients { get; init; }

    /// <summary>Out-of-fold area under the ROC curve, folds split by patient, with its 95 % interval.</summary>
    [Id(4)] public required double Auroc { get; init; }
    [Id(5)] public required double AurocLow { get; init; }
    [Id(6)] public required double AurocHigh { get; init; }

    /// <summary>Out-of-fold Brier score.</summary>
    [Id(7)] public required double Brier { get; init; }

    /// <summary>Largest difference between ML.NET's and the ONNX file's probability over all rows.</summary>
    [Id(8)] public required double OnnxDifferenceMax { get; init; }

    /// <summary>The version that it was registered as, or null.</summary>
    [Id(9)] public string? Registered { get; init; }
    [Id(10)] public required double Seconds { get; init; }

    public override string ToString() => "[training result]";
}
