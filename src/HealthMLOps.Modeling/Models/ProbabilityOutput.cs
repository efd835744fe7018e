using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;

namespace HealthMLOps.Models;

/// <summary>Finds the probability of the positive class in what the model gave.</summary>
internal sealed class ProbabilityOutput
{
    private readonly ModelOutput _declared;
    private readonly TensorElementType _kind;

    /// <exception cref="PackageRefused">The graph's output is not what the contract says, or of a kind that we can't read.</exception>
    public ProbabilityOutput(ModelOutput declared, NodeMetadata graph)
    {
        _declared = declared;
        if (declared.Kind == ModelOutputKind.ZipMap)
        {
            if (graph.OnnxValueType != OnnxValueType.ONNX_TYPE_SEQUENCE) throw Refused($"is a {graph.OnnxValueType}", "a sequence of maps, as the contract says");
            if (graph.AsSequenceMetadata().ElementMeta is not { OnnxValueType: OnnxValueType.ONNX_TYPE_MAP } element)
                throw Refused("is a sequence of something else than maps", "a sequence of maps");
            _kind = element.AsMapMetadata().KeyDataType;
            if (_kind is not (TensorElementType.Int64 or TensorElementType.String)) throw Refused($"has keys of {_kind}", "Int64 or String");
            if (element.AsMapMetadata().ValueMetadata.ElementDataType != TensorElementType.Float) throw Refused("maps to something else than Float", "Float");
            return;
        }
        if (!graph.IsTensor) throw Refused($"is a {graph.OnnxValueType}", "a tensor, as the contract says");
        _kind = graph.ElementDataType;
        if (_kind is not (TensorElementType.Float or TensorElementType.Double)) throw Refused($"holds {_kind}", "Float or Double");
        if (graph.Dimensions.Length is not (1 or 2)) throw Refused($"has rank {graph.Dimensions.Length}", "rank 1 or 2");
        Columns = graph.Dimensions.Length == 1 ? 1 : graph.Dimensions[1];
        Column = declared.PositiveClass is { } column ? int.Parse(column, CultureInfo.InvariantCulture) : 0;
        if (Columns > 1 && declared.PositiveClass is null) throw Refused($"has {Columns} columns and the contract names no positive class", "a column");
        if (Columns != -1 && Column >= Columns) throw Refused($"has {Columns} columns", $"more than {Column}, the positive class");
        IsFloatMatrix = _kind == TensorElementType.Float && Columns > 0 && graph.Dimensions.Length == 2;
    }

    public string Name => _declared.Name;

    /// <summary>Columns of a tensor; -1 where the graph leaves them open.</summary>
    public int Columns { get; }
    public int Column { get; }

    /// <summary>A float tensor [rows, known columns], which the fast path can bind to memory beforehand.</summary>
    public bool IsFloatMatrix { get; }

    /// <summary>One answer a row, or null when the output has not the shape that was promised.</summary>
    public ScoreResult[]? Read(OrtValue output, int rows)
    {
        if (_declared.Kind == ModelOutputKind.ZipMap) return ReadMaps(output, rows);
        var shape = output.GetTensorTypeAndShape();
        var columns = (int)(shape.Shape.Length == 1 ? 1 : shape.Shape[^1]);
        if (shape.ElementCount != (long)rows * columns || Column >= columns || (columns > 1 && _declared.PositiveClass is null)) return null;
        var results = new ScoreResult[rows];
        for (var r = 0; r < rows; r++)
        {
            var index = (r * columns) + Column;
            results[r] = ScoreResult.From(_kind == TensorElementType.Float
                ? output.GetTensorDataAsSpan<float>()[index] : output.GetTensorDataAsSpan<double>()[index]);
        }
        return results;
    }

    private ScoreResult[]? ReadMaps(OrtValue sequence, int rows)
    {
        if (sequence.GetValueCount() != rows) return null;
        var results = new ScoreResult[rows];
        for (var r = 0; r < rows; r++)
        {
            using var map = sequence.GetValue(r, OrtAllocator.DefaultInstance);
            using var keys = map.GetValue(0, OrtAllocator.DefaultInstance);
            using var values = map.GetValue(1, OrtAllocator.DefaultInstance);
            var at = _kind == TensorElementType.String
                ? Array.IndexOf(keys.GetStringTensorAsArray(), _declared.PositiveClass)
                : IndexOf(keys.GetTensorDataAsSpan<long>(), _declared.PositiveClass);
            if (at < 0) return null;
            results[r] = ScoreResult.From(values.GetTensorDataAsSpan<float>()[at]);
        }
        return results;
    }

    private static int IndexOf(ReadOnlySpan<long> keys, string? key) =>
        long.TryParse(key, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? keys.IndexOf(number) : -1;

    private PackageRefused Refused(string actual, string allowed) =>
        new($"Output '{Name}' of the ONNX model {actual}; allowed: {allowed}.");
}
