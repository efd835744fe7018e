using Microsoft.ML.Calibrators;
using Microsoft.ML.Trainers;

namespace HealthMLOps.Training;

/// <summary>Writes logistic regression with its preparation: median for missing, standardise, limit, flags of missingness, weighted sum, sigmoid.</summary>
internal static class RegressionGraph
{
    private const int FloatType = 1;

    public static byte[] Write(Standardisation preparation, LinearBinaryModelParameters model, PlattCalibrator calibrator)
    {
        var width = preparation.Medians.Length;
        var graph = new OnnxGraph(width);
        var missing = graph.Add("IsNaN", [OnnxGraph.Input]);
        var imputed = graph.Add("Where", [missing, graph.Constant(preparation.Medians, 1, width), OnnxGraph.Input]);
        var centred = graph.Add("Sub", [imputed, graph.Constant(preparation.Means, 1, width)]);
        var scaled = graph.Add("Mul", [centred, graph.Constant(preparation.Scales, 1, width)]);
        var limited = graph.Add("Clip", [scaled, graph.Constant([-Standardisation.Limit]), graph.Constant([Standardisation.Limit])]);
        var flags = graph.Add("Cast", [missing], OnnxGraph.Number("to", FloatType));
        var all = graph.Add("Concat", [limited, flags], OnnxGraph.Number("axis", 1));
        var score = graph.Add("Gemm", [all, graph.Constant([.. model.Weights], 2 * width, 1), graph.Constant([model.Bias], 1)]);
        return graph.FinishWithPlatt(score, calibrator.Slope, calibrator.Offset);
    }
}
