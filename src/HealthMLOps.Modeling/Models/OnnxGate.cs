using Google.Protobuf;
using HealthMLOps.Training.Onnx;

namespace HealthMLOps.Models;

/// <summary>Looks at an ONNX file before ONNX Runtime does: nothing in it may reach outside the file.</summary>
internal static class OnnxGate
{
    /// <exception cref="PackageRefused">The bytes are no ONNX model, or refer to data in other files.</exception>
    public static void Check(ReadOnlyMemory<byte> onnx)
    {
        if (onnx.Length is 0 or > ModelPackage.OnnxBytesMax)
            throw new PackageRefused($"The ONNX model has {onnx.Length} bytes; allowed: 1 to {ModelPackage.OnnxBytesMax}.");
        ModelProto model;
        try { model = ModelProto.Parser.ParseFrom(onnx.Span); }
        catch (InvalidProtocolBufferException) { throw new PackageRefused("The ONNX model is not a complete protocol buffer message."); }

        if (model.Graph is not { Node.Count: > 0 }) throw new PackageRefused("The ONNX model has no nodes; allowed: at least one.");
        CheckGraph(model.Graph);
        foreach (var training in model.TrainingInfo)
        {
            CheckGraph(training.Initialization);
            CheckGraph(training.Algorithm);
        }
        foreach (var function in model.Functions)
        {
            foreach (var node in function.Node) CheckAttributes(node.Attribute);
            CheckAttributes(function.AttributeProto);
        }
    }

    // The depth is bounded: the protobuf parser refuses messages nested deeper than 100.
    private static void CheckGraph(GraphProto? graph)
    {
        if (graph is null) return;
        foreach (var tensor in graph.Initializer) CheckTensor(tensor);
        foreach (var sparse in graph.SparseInitializer) CheckSparse(sparse);
        foreach (var node in graph.Node) CheckAttributes(node.Attribute);
    }

    private static void CheckAttributes(IEnumerable<AttributeProto> attributes)
    {
        foreach (var attribute in attributes)
        {
            CheckTensor(attribute.T);
            CheckSparse(attribute.SparseTensor);
            CheckGraph(attribute.G);
            foreach (var tensor in attribute.Tensors) CheckTensor(tensor);
            foreach (var sparse in attribute.SparseTensors) CheckSparse(sparse);
            foreach (var graph in attribute.Graphs) CheckGraph(graph);
        }
    }

    private static void CheckSparse(SparseTensorProto? sparse)
    {
        CheckTensor(sparse?.Values);
        CheckTensor(sparse?.Indices);
    }

    private static void CheckTensor(TensorProto? tensor)
    {
        if (tensor is not null && (tensor.DataLocation != 0 || tensor.ExternalData.Count > 0))
            throw new PackageRefused($"Tensor '{tensor.Name}' of the ONNX model keeps its data in another file; allowed: data inside the model.");
    }
}
