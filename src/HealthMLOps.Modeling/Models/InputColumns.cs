using System.Collections.Immutable;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace HealthMLOps.Models;

/// <summary>One ONNX input and the stretch of a row that fills it.</summary>
internal sealed class InputColumns
{
    private const long WholeNumberMax = 1L << 53; // Above it a double no longer holds every whole number.

    private readonly ImmutableArray<string> _words;

    /// <exception cref="PackageRefused">The graph's input is not what the contract says, or of a kind that we can't fill.</exception>
    public InputColumns(ModelInput declared, NodeMetadata graph, int first)
    {
        (Name, First, Width, _words) = (declared.Name, first, declared.Features.Length, declared.Words);
        if (!graph.IsTensor) throw Refused($"is a {graph.OnnxValueType}", "a tensor");
        if (graph.Dimensions is not [var rows, var columns]) throw Refused($"has rank {graph.Dimensions.Length}", "rank 2 (rows, features)");
        if (rows is not (-1 or 1)) throw Refused($"takes exactly {rows} rows", "any number of rows, or 1");
        if (columns != -1 && columns != Width) throw Refused($"has {columns} columns", $"{Width}, one for each feature of the contract");
        if (graph.ElementDataType is not (TensorElementType.Float or TensorElementType.Double or TensorElementType.Int64 or TensorElementType.String))
            throw Refused($"holds {graph.ElementDataType}", "Float, Double, Int64 or String");
        if (graph.ElementDataType == TensorElementType.String == _words.IsEmpty)
            throw Refused(_words.IsEmpty ? "is text, but the contract gives no words" : "is numeric, but the contract gives words", "words for text only");
        (Kind, OneRowOnly) = (graph.ElementDataType, rows == 1);
    }

    public string Name { get; }

    /// <summary>Index of the first of its values in a row.</summary>
    public int First { get; }
    public int Width { get; }
    public TensorElementType Kind { get; }
    public bool OneRowOnly { get; }

    /// <summary>Why this row can't be put to the model; null when it can.</summary>
    public ScoreResult? Refusal(ReadOnlySpan<double?> row)
    {
        foreach (var value in row.Slice(First, Width))
        {
            if (value is not { } number)
            {
                if (Kind is TensorElementType.Int64 or TensorElementType.String)
                    return ScoreResult.Refused(NoScoreReason.MissingInputs, $"Input '{Name}' has no way to say that a value is missing.");
            }
            else if (!Fits(number))
            {
                return ScoreResult.Refused(NoScoreReason.ModelFailed, $"A value can't be given to input '{Name}' as {Kind}.");
            }
        }
        return null;
    }

    /// <summary>The rows' values as the tensor of this input. The rows have no <see cref="Refusal"/>.</summary>
    public OrtValue Tensor(IReadOnlyList<ImmutableArray<double?>> rows) => Kind switch
    {
        TensorElementType.Float => Numbers(rows, value => value is { } number ? (float)number : float.NaN),
        TensorElementType.Double => Numbers(rows, value => value ?? double.NaN),
        TensorElementType.Int64 => Numbers(rows, value => (long)value.GetValueOrDefault()),
        _ => Text(rows),
    };

    private bool Fits(double number) => Kind switch
    {
        TensorElementType.Float => float.IsFinite((float)number),
        TensorElementType.Double => double.IsFinite(number),
        TensorElementType.Int64 => double.IsInteger(number) && Math.Abs(number) <= WholeNumberMax,
        _ => double.IsInteger(number) && number >= 0 && number < _words.Length,
    };

    private OrtValue Numbers<T>(IReadOnlyList<ImmutableArray<double?>> rows, Func<double?, T> convert) where T : unmanaged
    {
        var values = new T[rows.Count * Width];
        for (var r = 0; r < rows.Count; r++)
            for (var c = 0; c < Width; c++)
                values[(r * Width) + c] = convert(rows[r][First + c]);
        return OrtValue.CreateTensorValueFromMemory(values, [rows.Count, Width]);
    }

    private OrtValue Text(IReadOnlyList<ImmutableArray<double?>> rows)
    {
        var words = rows.Select(row => _words[(int)row[First].GetValueOrDefault()]).ToArray();
        return OrtValue.CreateFromStringTensor(new DenseTensor<string>(words, [rows.Count, Width]));
    }

    private PackageRefused Refused(string actual, string allowed) =>
        new($"Input '{Name}' of the ONNX model {actual}; allowed: {allowed}.");
}
