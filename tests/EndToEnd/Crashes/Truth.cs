using System.Text.Json;
using System.Text.Json.Nodes;
using HealthMLOps.Tests.EndToEnd.Processes;

namespace HealthMLOps.Tests.EndToEnd.Crashes;

/// <summary>What an EHR knows that it has sent: versions of resources, by patient. Compared with what the silo's histories hold.</summary>
public sealed class Truth
{
    private readonly Dictionary<string, HashSet<(string Resource, string Version)>> _byPatient = new(StringComparer.Ordinal);

    public int Patients => _byPatient.Count;

    public int Versions => _byPatient.Values.Sum(v => v.Count);

    /// <summary>The simulator's record of acknowledged versions.</summary>
    public static Truth OfRecord(string file)
    {
        var truth = new Truth();
        foreach (var line in File.ReadLines(file))
        {
            using var one = JsonDocument.Parse(line);
            truth.Add(one.RootElement.GetProperty("resource"));
        }
        return truth;
    }

    /// <summary>Every line of a folder of NDJSON files.</summary>
    public static Truth OfFolder(string folder)
    {
        var truth = new Truth();
        foreach (var line in Directory.EnumerateFiles(folder, "*.ndjson").SelectMany(File.ReadLines))
        {
            using var one = JsonDocument.Parse(line);
            truth.Add(one.RootElement);
        }
        return truth;
    }

    /// <summary>Asks for every patient's history and compares.</summary>
    public async Task<Comparison> With(SiloProcess silo)
    {
        var owner = new Caller(silo, silo.Site.Owner);
        var (lost, twice) = (0, 0);
        foreach (var (patient, versions) in _byPatient)
        {
            var answer = await owner.Get($"/api/v1/patients/{patient}/history?count=1");
            var held = answer.Status == System.Net.HttpStatusCode.NotFound ? [] : (await owner.History(patient)).Select(Of).ToList();
            lost += versions.Except(held).Count();
            twice += held.Count - held.Distinct().Count();
        }
        return new Comparison(Patients, Versions, lost, twice);
    }

    private void Add(JsonElement resource)
    {
        var (type, id) = (resource.GetProperty("resourceType").GetString()!, resource.GetProperty("id").GetString()!);
        var patient = type == "Patient" ? id : Subject(resource)["Patient/".Length..];
        if (!_byPatient.TryGetValue(patient, out var versions)) _byPatient[patient] = versions = [];
        versions.Add(($"{type}/{id}", resource.GetProperty("meta").GetProperty("versionId").GetString()!));
    }

    private static string Subject(JsonElement resource) =>
        (resource.TryGetProperty("subject", out var of) || resource.TryGetProperty("beneficiary", out of) ? of : resource.GetProperty("patient"))
        .GetProperty("reference").GetString()!;

    private static (string Resource, string Version) Of(JsonObject fact) =>
        (fact["resource"]!.GetValue<string>(), fact["version"]?.GetValue<string>() ?? "");
}

/// <param name="Patients">Patients asked for.</param>
/// <param name="Versions">Acknowledged versions.</param>
/// <param name="Lost">Acknowledged and not in the history.</param>
/// <param name="Twice">In the history more than once.</param>
public sealed record Comparison(int Patients, int Versions, int Lost, int Twice);
