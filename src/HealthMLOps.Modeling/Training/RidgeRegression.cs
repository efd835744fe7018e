using Microsoft.ML;
using Microsoft.ML.Trainers;

namespace HealthMLOps.Training;

/// <summary>Logistic regression that can meet missing values: they are taken as the median, and that they were missing is a feature of its own.</summary>
/// <remarks>ML.NET's own model answers NaN as soon as one value is missing, so the preparation is part of the model and of its ONNX file.</remarks>
internal static class RidgeRegression
{
    public static Learned Fit(TrainingRows rows, TrainingOptions options)
    {
        var context = new MLContext(options.Seed);
        var preparation = Standardisation.Of(rows);
        var trainer = context.BinaryClassification.Trainers.LbfgsLogisticRegression(new LbfgsLogisticRegressionBinaryTrainer.Options
        {
            L1Regularization = 0,
            L2Regularization = (float)options.Ridge,
            NumberOfThreads = Learner.Threads,
        });
        var model = trainer.Fit(View(context, rows, preparation));
        return new(
            others => Learner.Probabilities(model, View(context, others, preparation)),
            () => RegressionGraph.Write(preparation, model.Model.SubModel, model.Model.Calibrator));
    }

    private static IDataView View(MLContext context, TrainingRows rows, Standardisation preparation) =>
        Learner.View(context, rows, 2 * rows.Width, i => preparation.Apply(rows.Row(i)));
}
