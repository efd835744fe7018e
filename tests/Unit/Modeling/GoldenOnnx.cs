using System.Collections.Immutable;
using System.Text.Json;
using HealthMLOps.Models;

namespace HealthMLOps.Tests.Unit.Modeling;

/// <summary>The ONNX files of tests/Golden/onnx, with what each must answer.</summary>
internal static class GoldenOnnx
{
    private static readonly string Folder = Path.Combine(TestFolder(), "Golden", "onnx");

    public static byte[] Valid(string name) => File.ReadAllBytes(Path.Combine(Folder, "valid", name + ".onnx"));

    public static byte[] Invalid(string name) => File.ReadAllBytes(Path.Combine(Folder, "invalid", name + ".onnx"));

    public static IEnumerable<string> InvalidNames() => Directory.GetFiles(Path.Combine(Folder, "invalid"), "*.onnx").Select(file => Path.GetFileNameWithoutExtension(file)!);

    /// <summary>The case's inputs as one contract, its rows and, by output name, the expected numbers (several columns are one after the other).</summary>
    public static (ModelContract Contract, List<ImmutableArray<double?>> Rows, Dictionary<string, List<double[]>> Expected, double Tolerance) Case(
        string name, string output, ModelOutputKind kind = ModelOutputKind.Tensor, string? positive = null)
    {
        using var json = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(Folder, "valid", name + ".expected.json")));
        var inputs = new List<ModelInput>();
        var rows = new List<ImmutableArray<double?>>();
        foreach (var input in json.RootElement.GetProperty("inputs").EnumerateArray())
        {
            var inputName = input.GetProperty("name").GetString()!;
            var data = input.GetProperty("data").EnumerateArray().Select(row => row.EnumerateArray().ToArray()).ToArray();
            var words = input.GetProperty("type").GetString() == "string"
                ? data.Select(row => row[0].GetString()!).Distinct().ToImmutableArray() : [];
            inputs.Add(new ModelInput(inputName, [.. Enumerable.Range(0, data[0].Length).Select(i => $"{inputName}-{i}")]) { Words = words });
            for (var r = 0; r < data.Length; r++)
            {
                if (r == rows.Count) rows.Add([]);
                rows[r] = rows[r].AddRange(data[r].Select(value => words.IsEmpty ? Number(value) : words.IndexOf(value.GetString()!)));
            }
        }
        var expected = json.RootElement.GetProperty("expected").EnumerateObject().ToDictionary(
            entry => entry.Name,
            entry => entry.Value.EnumerateArray().Where(value => value.ValueKind != JsonValueKind.String || entry.Name == "p").Select(Numbers).ToList());
        var contract = AContract.With([.. inputs], new ModelOutput(output, kind, positive));
        return (contract, rows, expected, json.RootElement.GetProperty("tolerance").GetDouble());
    }

    private static double[] Numbers(JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? [.. value.EnumerateArray().Select(one => Number(one) ?? double.NaN)] : [Number(value) ?? double.NaN];

    private static double? Number(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Null => null,
        JsonValueKind.String => double.Parse(value.GetString()!, System.Globalization.CultureInfo.InvariantCulture),
        _ => value.GetDouble(),
    };

    public static string TestFolder()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!Directory.Exists(Path.Combine(folder!.FullName, "Golden"))) folder = folder.Parent;
        return folder.FullName;
    }
}
