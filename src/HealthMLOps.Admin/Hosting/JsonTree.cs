using System.Text.Json;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace HealthMLOps.Hosting;

/// <summary>Any answer of the server as a tree, so that a new field shows without a new client.</summary>
public static class JsonTree
{
    public static IRenderable Of(JsonElement answer, string title)
    {
        var tree = new Tree(new Text(title));
        Grow(tree, answer);
        return tree;
    }

    private static void Grow(IHasTreeNodes node, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                foreach (var field in value.EnumerateObject()) Branch(node, JsonWords.Heading(field.Name), field.Value);
                break;
            case JsonValueKind.Array when IsTable(value):
                node.AddNode(JsonTable.Of(value));
                break;
            default:
                node.AddNode(new Text(JsonWords.Of(value)));
                break;
        }
    }

    private static void Branch(IHasTreeNodes node, string name, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Object || IsTable(value)) Grow(node.AddNode(new Text(name)), value);
        else node.AddNode(new Text($"{name}: {JsonWords.Of(value)}"));
    }

    private static bool IsTable(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array && value.GetArrayLength() > 0 && value[0].ValueKind == JsonValueKind.Object;
}
