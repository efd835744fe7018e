using Microsoft.ML.OnnxRuntime;

namespace HealthMLOps.Training;

/// <summary>Runs the ONNX file beside ML.NET: what is handed out must be the model that was trained.</summary>
internal static class OnnxTwin
{
    private const int RowsAtOnce = 1024;
    private const int KnockedOutEvery = 5;

    /// <summary>The greatest difference between ONNX and ML.NET on the rows as they are and with a fifth of their values taken away.</summary>
    public static double MaxDifference(byte[] onnx, Learned learned, TrainingRows rows)
    {
        using var session = Open(onnx);
        var knockedOut = rows.WithValues([.. rows.Values.Select((value, i) => Scatter(i) % KnockedOutEvery == 0 ? float.NaN : value)]);
        return Math.Max(MaxDifference(session, learned, rows), MaxDifference(session, learned, knockedOut));
    }

    public static float[] Probabilities(byte[] onnx, TrainingRows rows)
    {
        using var session = Open(onnx);
        return Probabilities(session, rows);
    }

    private static double MaxDifference(InferenceSession session, Learned learned, TrainingRows rows)
    {
        var expected = learned.Predict(rows);
        var actual = Probabilities(session, rows);
        // A NaN on one side only must count as a difference: Math.Max keeps NaN, and the caller compares with "not less".
        return expected.Zip(actual, (a, b) => Math.Abs((double)a - b)).Aggregate(0.0, Math.Max);
    }

    private static float[] Probabilities(InferenceSession session, TrainingRows rows)
    {
        var probabilities = new float[rows.Count];
        using var run = new RunOptions();
        for (var from = 0; from < rows.Count; from += RowsAtOnce)
        {
            var count = Math.Min(RowsAtOnce, rows.Count - from);
            using var input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, rows.Values.AsMemory(from * rows.Width, count * rows.Width), [count, rows.Width]);
            using var outputs = session.Run(run, [OnnxGraph.Input], [input], [OnnxGraph.Output]);
            outputs[0].GetTensorDataAsSpan<float>().CopyTo(probabilities.AsSpan(from));
        }
        return probabilities;
    }

    private static InferenceSession Open(byte[] onnx)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        return new InferenceSession(onnx, options);
    }

    /// <summary>The same scattered numbers for the same index, always (Knuth's multiplicative hash).</summary>
    private static uint Scatter(int index) => (uint)index * 2654435761u >> 7;
}
