using Microsoft.ML;
using Microsoft.ML.Data;

namespace HealthMLOps.Training;

/// <summary>Fits one model to rows.</summary>
internal static class Learner
{
    /// <remarks>One thread: with more, LightGBM waits at barriers (15 times slower on a busy machine), and results could depend on timing.</remarks>
    public const int Threads = 1;

    public static Learned Fit(TrainingRows rows, TrainingOptions options) => options.Algorithm switch
    {
        LearningAlgorithm.LightGbm => BoostedTrees.FitLightGbm(rows, options),
        LearningAlgorithm.FastTree => BoostedTrees.FitFastTree(rows, options),
        LearningAlgorithm.LogisticRegression => RidgeRegression.Fit(rows, options),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    /// <summary>The rows as ML.NET takes them.</summary>
    public static IDataView View(MLContext context, TrainingRows rows, int width, Func<int, float[]> features)
    {
        var schema = SchemaDefinition.Create(typeof(Row));
        schema[nameof(Row.Features)].ColumnType = new VectorDataViewType(NumberDataViewType.Single, width);
        // A list, because the learners walk through the rows several times.
        return context.Data.LoadFromEnumerable(Enumerable.Range(0, rows.Count).Select(i => new Row { Features = features(i), Label = rows.Labels[i] }).ToList(), schema);
    }

    public static float[] Probabilities(ITransformer model, IDataView view) => [.. model.Transform(view).GetColumn<float>("Probability")];

    internal sealed class Row
    {
        public float[] Features { get; set; } = [];
        public bool Label { get; set; }
    }
}

/// <summary>A fitted model: what ML.NET predicts with it, and the same as ONNX.</summary>
/// <param name="Predict">ML.NET's probability of each row.</param>
/// <param name="WriteOnnx">The same function as an ONNX file: input <c>features</c> [N, F], output <c>probability</c> [N, 1].</param>
internal sealed record Learned(Func<TrainingRows, float[]> Predict, Func<byte[]> WriteOnnx);
