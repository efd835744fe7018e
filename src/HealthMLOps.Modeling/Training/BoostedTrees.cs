using Microsoft.ML;
using Microsoft.ML.Trainers.FastTree;
using Microsoft.ML.Trainers.LightGbm;

namespace HealthMLOps.Training;

/// <summary>Gradient-boosted trees. LightGBM routes missing values itself; for FastTree we put a value below all others in their place.</summary>
internal static class BoostedTrees
{
    // FastTree silently drops each training row that lacks any value: on real wards that is every row. With a value far below
    // all others it can split "missing" from "present" or send missing along with low values, as it likes.
    private const float FarBelow = -1e30f;

    public static Learned FitLightGbm(TrainingRows rows, TrainingOptions options)
    {
        var context = new MLContext(options.Seed);
        var trainer = context.BinaryClassification.Trainers.LightGbm(new LightGbmBinaryTrainer.Options
        {
            NumberOfIterations = options.Trees,
            NumberOfLeaves = options.Leaves,
            LearningRate = options.LearningRate,
            MinimumExampleCountPerLeaf = options.RowsPerLeafMin,
            HandleMissingValue = true,
            UseZeroAsMissingValue = false,
            UseCategoricalSplit = false,
            Seed = options.Seed,
            Deterministic = true,
            NumberOfThreads = Learner.Threads,
            Booster = new GradientBooster.Options
            {
                FeatureFraction = options.FeatureShare,
                SubsampleFraction = options.RowShare,
                SubsampleFrequency = options.RowShare < 1 ? 1 : 0,
                L2Regularization = options.Ridge,
                L1Regularization = 0,
            },
        });
        var model = trainer.Fit(View(rows));
        return new(others => Learner.Probabilities(model, View(others)),
            () => TreeGraph.Write(model.Model.SubModel.TrainedTreeEnsemble, model.Model.Calibrator, rows.Width, MissingRoute.GoesLeft));

        IDataView View(TrainingRows some) => Learner.View(context, some, some.Width, i => some.Row(i).ToArray());
    }

    public static Learned FitFastTree(TrainingRows rows, TrainingOptions options)
    {
        var context = new MLContext(options.Seed);
        var trainer = context.BinaryClassification.Trainers.FastTree(new FastTreeBinaryTrainer.Options
        {
            NumberOfTrees = options.Trees,
            NumberOfLeaves = options.Leaves,
            LearningRate = options.LearningRate,
            MinimumExampleCountPerLeaf = options.RowsPerLeafMin,
            FeatureFraction = options.FeatureShare,
            BaggingSize = options.RowShare < 1 ? 1 : 0,
            BaggingExampleFraction = options.RowShare,
            Seed = options.Seed,
            FeatureSelectionSeed = options.Seed,
            NumberOfThreads = Learner.Threads,
        });
        var model = trainer.Fit(View(rows));
        return new(others => Learner.Probabilities(model, View(others)),
            () => TreeGraph.Write(model.Model.SubModel.TrainedTreeEnsemble, model.Model.Calibrator, rows.Width,
                tree => [.. tree.NumericalSplitThresholds.Select(threshold => FarBelow <= threshold)]));

        IDataView View(TrainingRows some) => Learner.View(context, some, some.Width, i => [.. some.Row(i).ToArray().Select(value => float.IsNaN(value) ? FarBelow : value)]);
    }
}
