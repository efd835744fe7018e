using System.Text.Json;
using System.Text.Json.Nodes;

namespace HealthMLOps.Tests.Cluster.Patients;

/// <summary>The shipped policy with one file changed.</summary>
internal static class APolicy
{
    /// <param name="file">Below config/, such as "access.json".</param>
    /// <param name="change">What to change in it.</param>
    /// <returns>The folder of the changed policy.</returns>
    public static string With(string file, Action<JsonObject> change)
    {
        var folder = Directory.CreateTempSubdirectory("healthml-config-").FullName;
        foreach (var shipped in Directory.EnumerateFiles(Ward.ConfigFolder, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(folder, Path.GetRelativePath(Ward.ConfigFolder, shipped));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(shipped, copy);
        }
        var changed = Path.Combine(folder, file);
        var json = JsonNode.Parse(File.ReadAllText(changed))!.AsObject();
        change(json);
        File.WriteAllText(changed, json.ToJsonString(JsonSerializerOptions.Web));
        return folder;
    }

    /// <summary>Adds a destination for no data of patients to a policy's egress register.</summary>
    public static void List(string folder, string name, string kind, string address)
    {
        var file = Path.Combine(folder, "egress.json");
        var register = JsonNode.Parse(File.ReadAllText(file))!.AsObject();
        register["destinations"]!.AsArray().Add(new JsonObject { ["name"] = name, ["kind"] = kind, ["address"] = address, ["dataClass"] = "none" });
        File.WriteAllText(file, register.ToJsonString(JsonSerializerOptions.Web));
    }
}
