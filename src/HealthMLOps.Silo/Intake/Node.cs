using System.Text.Json;

namespace HealthMLOps.Intake;

/// <summary>One JSON element of a resource and where it stands; reading the wrong type ends the resource with both named.</summary>
internal readonly record struct Node(JsonElement Json, ElementPath Path)
{
    public static Node Root(JsonElement json, string type) => new(json, new ElementPath(null, type));

    public bool Has(ReadOnlySpan<byte> name) => Json.TryGetProperty(name, out _);

    /// <summary>A child that must be an object where it is there.</summary>
    public Node? Child(string name)
    {
        if (!Json.TryGetProperty(name, out var json)) return null;
        var child = new Node(json, new ElementPath(Path, name));
        return json.ValueKind == JsonValueKind.Object ? child : throw child.WrongType("an object");
    }

    /// <summary>The objects of a list; empty where there is none.</summary>
    public List<Node> List(string name)
    {
        if (!Json.TryGetProperty(name, out var json)) return [];
        if (json.ValueKind != JsonValueKind.Array) throw new Node(json, new ElementPath(Path, name)).WrongType("an array");
        var nodes = new List<Node>(json.GetArrayLength());
        foreach (var item in json.EnumerateArray())
        {
            var node = new Node(item, new ElementPath(Path, name, nodes.Count));
            if (item.ValueKind != JsonValueKind.Object) throw node.WrongType("an object");
            nodes.Add(node);
        }
        return nodes;
    }

    public string? Text(string name)
    {
        if (!Json.TryGetProperty(name, out var json)) return null;
        if (json.ValueKind != JsonValueKind.String) throw new Node(json, new ElementPath(Path, name)).WrongType("a string");
        return json.GetString() is { Length: > 0 } text ? text : throw Wrong(RefusalCodes.WrongValue, name, "an empty string is no value");
    }

    public string RequiredText(string name) => Text(name) ?? throw Wrong(RefusalCodes.Required, name, "it is required and was not sent");

    public decimal? Number(string name)
    {
        if (!Json.TryGetProperty(name, out var json)) return null;
        if (json.ValueKind != JsonValueKind.Number) throw new Node(json, new ElementPath(Path, name)).WrongType("a number");
        return json.TryGetDecimal(out var number) ? number : throw Wrong(RefusalCodes.WrongValue, name, "the number is beyond the range of a decimal");
    }

    public bool? Truth(string name)
    {
        if (!Json.TryGetProperty(name, out var json)) return null;
        return json.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            _ => throw new Node(json, new ElementPath(Path, name)).WrongType("true or false"),
        };
    }

    public Unreadable Wrong(string code, string child, string reason) => new(code, $"{Path}.{child}", reason);

    private Unreadable WrongType(string expected) => new(RefusalCodes.WrongType, Path.ToString(), $"expected {expected}; got {Json.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array",
        JsonValueKind.String => "a string",
        JsonValueKind.Number => "a number",
        JsonValueKind.True or JsonValueKind.False => "true or false",
        _ => "null",
    }}");

    public override string ToString() => "[node]";
}
