using System.Collections.Immutable;
using HealthMLOps.Models;
using HealthMLOps.Statistics;

namespace HealthMLOps.Training;

/// <summary>Trains a model, measures it on patients it hasn't seen, and proves that its ONNX file is the same function.</summary>
/// <remarks>The same rows, in any order, with the same options give the same bytes in every process (same libraries, same processor family).</remarks>
public static class Trainer
{
    public const double OnnxDifferenceMax = 1e-5;
    public const int PositivesMin = 10;

    // Quantiles that golden inputs are made of, and every how many features one is left out (0 = none).
    private static readonly ImmutableArray<(double Share, int MissingEvery)> GoldenKinds = [(0.5, 0), (0.1, 0), (0.9, 0), (0.25, 3), (0.75, 4), (0.5, 1)];

    /// <exception cref="TrainingRefused">The rows or options don't allow it, or the ONNX file differs from the trained model.</exception>
    /// <exception cref="OperationCanceledException">Asked to stop; looked at between models.</exception>
    public static TrainedModel Train(TrainingRows rows, TrainingOptions options, CancellationToken stop = default)
    {
        options.Check();
        CheckClasses(rows);
        var order = rows.CanonicalOrder();
        var ordered = rows.Pick(order);
        var folds = ordered.Groups.Select(group => Folds.Of(group, options.Seed, options.Folds)).ToArray();
        var outOfFold = CrossValidate(ordered, folds, options, stop);

        stop.ThrowIfCancellationRequested();
        var learned = Learner.Fit(ordered, options);
        var onnx = learned.WriteOnnx();
        var difference = OnnxTwin.MaxDifference(onnx, learned, ordered);
        if (!(difference < OnnxDifferenceMax))
            throw new TrainingRefused(FormattableString.Invariant($"The ONNX file differs from the trained model by {difference:R} on a training row; allowed: below {OnnxDifferenceMax}."));

        var inCallersOrder = new double[rows.Count];
        for (var i = 0; i < order.Length; i++) inCallersOrder[order[i]] = outOfFold[i];
        return new()
        {
            Onnx = onnx,
            Inputs = [new(OnnxGraph.Input, rows.Features)],
            Output = new(OnnxGraph.Output, ModelOutputKind.Tensor, null),
            Reference = [.. FeatureQuantiles.Of(ordered, 0.5).Select(median => (double?)median)],
            GoldenInputs = Golden(onnx, ordered),
            OutOfFold = [.. inCallersOrder],
            Report = Report(ordered, options, folds, outOfFold, difference, ModelPackage.DigestOf(onnx)),
        };
    }

    private static void CheckClasses(TrainingRows rows)
    {
        var positives = rows.Labels.Count(label => label);
        if (positives < PositivesMin || rows.Count - positives < PositivesMin)
            throw new TrainingRefused($"There are {positives} rows with the outcome and {rows.Count - positives} without; allowed: at least {PositivesMin} of each.");
    }

    private static double[] CrossValidate(TrainingRows rows, int[] folds, TrainingOptions options, CancellationToken stop)
    {
        var outOfFold = new double[rows.Count];
        for (var fold = 0; fold < options.Folds; fold++)
        {
            stop.ThrowIfCancellationRequested();
            var inside = Enumerable.Range(0, rows.Count).Where(row => folds[row] != fold).ToList();
            var outside = Enumerable.Range(0, rows.Count).Where(row => folds[row] == fold).ToList();
            var positives = inside.Count(row => rows.Labels[row]);
            if (outside.Count == 0 || positives == 0 || positives == inside.Count)
                throw new TrainingRefused($"Fold {fold} of {options.Folds} is empty or leaves one class only to learn from; allowed: fewer folds or more patients.");
            var predicted = Learner.Fit(rows.Pick(inside), options).Predict(rows.Pick(outside));
            for (var i = 0; i < outside.Count; i++) outOfFold[outside[i]] = predicted[i];
        }
        return outOfFold;
    }

    private static ImmutableArray<GoldenInput> Golden(byte[] onnx, TrainingRows rows)
    {
        var made = GoldenKinds.Select(kind => FeatureQuantiles.Of(rows, kind.Share)
            .Select((value, f) => kind.MissingEvery > 0 && f % kind.MissingEvery == 0 ? null : value).ToArray()).ToList();
        var matrix = new TrainingRows(rows.Features, [.. made.SelectMany(row => row.Select(value => value ?? float.NaN))], new bool[made.Count], [.. made.Select(_ => "golden")]);
        return [.. OnnxTwin.Probabilities(onnx, matrix).Select((score, i) => new GoldenInput([.. made[i].Select(value => (double?)value)], score))];
    }

    private static TrainingReport Report(TrainingRows rows, TrainingOptions options, int[] folds, double[] outOfFold, double difference, string digest) => new()
    {
        Options = options,
        Rows = rows.Count,
        Positives = rows.Labels.Count(label => label),
        Patients = rows.Groups.Distinct(StringComparer.Ordinal).Count(),
        Features = rows.Features,
        // Both classes are there (checked above), so the estimates exist.
        Auroc = Auroc.OfGrouped(outOfFold, rows.Labels, rows.Groups) ?? throw new System.Diagnostics.UnreachableException(),
        FoldAurocs = [.. Enumerable.Range(0, options.Folds).Select(fold => Auroc.Of(
            [.. outOfFold.Where((_, row) => folds[row] == fold)], [.. rows.Labels.Where((_, row) => folds[row] == fold)])?.Area)],
        AveragePrecision = ProbabilityMeasures.AveragePrecision(outOfFold, rows.Labels) ?? throw new System.Diagnostics.UnreachableException(),
        Brier = ProbabilityMeasures.Brier(outOfFold, rows.Labels),
        LogLoss = ProbabilityMeasures.LogLoss(outOfFold, rows.Labels),
        Calibration = CalibrationLine.Fit(outOfFold, rows.Labels),
        OnnxDifferenceMax = difference,
        OnnxDigest = digest,
        Libraries = [.. new[] { typeof(Microsoft.ML.MLContext), typeof(Microsoft.ML.Trainers.FastTree.FastTreeBinaryTrainer), typeof(Microsoft.ML.Trainers.LightGbm.LightGbmBinaryTrainer) }
            .Select(type => type.Assembly.GetName()).Select(name => $"{name.Name} {name.Version}")],
    };
}
