using System.Collections.Immutable;
using HealthMLOps.Clinical;
using HealthMLOps.Models;

namespace HealthMLOps.Training;

/// <summary>Turns a point-in-time set into a trained model, and that into a package with its contract.</summary>
public sealed class PackageMaker(PolicyBook book)
{
    public static readonly ImmutableArray<string> Algorithms = ["fasttree", "lightgbm", "logistic-regression"];

    public TrainedModel Train(PointInTimeSet set, TrainingRequest request, CancellationToken cancellation)
    {
        var names = set.Features.Features.Select(f => f.Name).ToImmutableArray();
        var values = new float[(long)set.Rows.Length * names.Length];
        for (var i = 0; i < set.Rows.Length; i++)
            for (var j = 0; j < names.Length; j++)
                values[i * names.Length + j] = (float?)set.Rows[i].Values[j] ?? float.NaN;
        var rows = new TrainingRows(names, values, [.. set.Rows.Select(r => r.Outcome)], [.. set.Rows.Select(r => r.Patient.Value)]);
        return Trainer.Train(rows, TrainingOptions.For(AlgorithmOf(request.Algorithm)) with { Seed = request.Seed, Folds = request.Folds }, cancellation);
    }

    public ModelPackage Pack(PointInTimeSet set, TrainingRequest request, TrainedModel trained)
    {
        var model = request.Model ?? request.FeatureSet;
        var purpose = Purpose(model);
        var contract = new ModelContract
        {
            Model = model,
            FeatureSet = set.Features.Name,
            FeatureSetHash = set.Features.Hash,
            Inputs = trained.Inputs,
            Output = trained.Output,
            Bands = purpose.Bands,
            Threshold = purpose.Threshold,
            IntendedUse = purpose.IntendedUse,
            Required = purpose.Required,
            PresentShareMin = purpose.PresentShareMin,
            InputAgeMax = purpose.InputAgeMax,
            ValidFor = purpose.ValidFor,
            Reference = trained.Reference,
            GoldenInputs = trained.GoldenInputs,
        };
        return ModelPackage.Pack(contract, trained.Onnx, trained.Report.ToJson());
    }

    /// <summary>Refuses a request that can't succeed, before any work.</summary>
    /// <returns>What is wrong, or null.</returns>
    public string? Refusal(TrainingRequest request)
    {
        if (!Algorithms.Contains(request.Algorithm)) return $"algorithm is one of {string.Join(", ", Algorithms)}; got '{request.Algorithm}'.";
        if (!book.Cohorts.ContainsKey(request.Cohort)) return $"cohort is one of {string.Join(", ", book.Cohorts.Keys.Order())}.";
        if (!book.Labels.ContainsKey(request.Label)) return $"label is one of {string.Join(", ", book.Labels.Keys.Order())}.";
        if (!book.Purposes.ContainsKey(request.Model ?? request.FeatureSet)) return $"model has its purpose in config/models: {string.Join(", ", book.Purposes.Keys.Order())}.";
        if (request.Folds is < 2 or > TrainingOptions.FoldsMax) return $"folds is 2 to {TrainingOptions.FoldsMax}; got {request.Folds}.";
        return null;
    }

    private ModelPurpose Purpose(string model) =>
        book.Purposes.TryGetValue(model, out var purpose) ? purpose : throw new InvalidConfiguration($"Model '{model}' has no purpose in config/models.");

    private static LearningAlgorithm AlgorithmOf(string name) => name switch
    {
        "fasttree" => LearningAlgorithm.FastTree,
        "lightgbm" => LearningAlgorithm.LightGbm,
        "logistic-regression" => LearningAlgorithm.LogisticRegression,
        _ => throw new TrainingRefused($"The algorithm '{name}' is not known; allowed: {string.Join(", ", Algorithms)}."),
    };
}
