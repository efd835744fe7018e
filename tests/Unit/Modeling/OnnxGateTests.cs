using Google.Protobuf;
using HealthMLOps.Models;
using HealthMLOps.Training.Onnx;

namespace HealthMLOps.Tests.Unit.Modeling;

public sealed class OnnxGateTests
{
    private static readonly TensorProto Elsewhere = new() { Name = "weights", DataLocation = 1, ExternalData = { new StringStringEntryProto { Key = "location", Value = "../../etc/passwd" } } };

    private static readonly Dictionary<string, Action<ModelProto>> HidingPlaces = new()
    {
        { "initializer", model => model.Graph.Initializer.Add(Elsewhere) },
        { "initializer without the mark", model => model.Graph.Initializer.Add(new TensorProto { ExternalData = { Elsewhere.ExternalData } }) },
        { "sparse initializer", model => model.Graph.SparseInitializer.Add(new SparseTensorProto { Indices = Elsewhere }) },
        { "attribute", model => model.Graph.Node[0].Attribute.Add(new AttributeProto { T = Elsewhere }) },
        { "attribute list", model => model.Graph.Node[0].Attribute.Add(new AttributeProto { Tensors = { Elsewhere } }) },
        { "branch", model => model.Graph.Node[0].Attribute.Add(new AttributeProto { G = new GraphProto { Initializer = { Elsewhere } } }) },
        { "function", model => model.Functions.Add(new FunctionProto { Node = { new NodeProto { Attribute = { new AttributeProto { T = Elsewhere } } } } }) },
        { "training", model => model.TrainingInfo.Add(new TrainingInfoProto { Algorithm = new GraphProto { Initializer = { Elsewhere } } }) },
    };

    public static TheoryData<string> Places => [.. HidingPlaces.Keys];

    [Theory]
    [MemberData(nameof(Places))]
    public void Data_outside_the_file_is_found_wherever_it_hides(string place)
    {
        var model = ModelProto.Parser.ParseFrom(GoldenOnnx.Valid("heart_lr_tensor"));
        OnnxGate.Check(model.ToByteArray());
        HidingPlaces[place](model);
        Assert.Contains("another file", Assert.Throws<PackageRefused>(() => OnnxGate.Check(model.ToByteArray())).Message, StringComparison.Ordinal);
    }
}
