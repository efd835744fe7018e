using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using HealthMLOps.Clinical;
using HealthMLOps.Features;
using HealthMLOps.Models;
using HealthMLOps.Tests.EndToEnd.Processes;
using HealthMLOps.Training;

namespace HealthMLOps.Tests.EndToEnd.Halts;

/// <summary>A small real model over the site's feature set: trained on made-up rows in which a fast heart means deterioration.</summary>
internal static class AModel
{
    public const string Name = "deterioration";
    private const int RowCount = 300;

    /// <summary>Sends the package and registers it as the next version.</summary>
    public static async Task<string> Registered(SiloProcess silo, string statement = "Supports the ward team; never decides.")
    {
        var package = Packed(silo.Site, statement);
        using var request = new HttpRequestMessage(HttpMethod.Put, "/api/v1/packages") { Content = new ByteArrayContent(package.Bytes.ToArray()) };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", silo.Site.Owner);
        using var stored = await silo.Http.SendAsync(request);
        stored.EnsureSuccessStatusCode();
        var owner = new Caller(silo, silo.Site.Owner);
        var registered = await owner.Send(HttpMethod.Post, "/api/v1/models", new JsonObject { ["packageDigest"] = package.Digest }.ToJsonString(), "application/json");
        return registered.Json["version"]!.GetValue<string>();
    }

    private static ModelPackage Packed(Site site, string statement)
    {
        var catalog = ConceptCatalog.Read(File.ReadAllText(Path.Combine(site.Config, "codes", "concepts.json")));
        var set = FeatureSet.Read(File.ReadAllText(Path.Combine(site.Config, "features", Name + ".json")), catalog);
        var trained = Trainer.Train(Rows(set), new TrainingOptions { Algorithm = LearningAlgorithm.LogisticRegression, Folds = 2, Ridge = 50 });
        return ModelPackage.Pack(new ModelContract
        {
            Model = Name, FeatureSet = set.Name, FeatureSetHash = set.Hash, Inputs = trained.Inputs, Output = trained.Output,
            Bands = [new("low", 0), new("high", 0.5)], Threshold = 0.5,
            IntendedUse = new() { Statement = statement, Population = "Adult inpatients", Outcome = "Clinical deterioration", Horizon = TimeSpan.FromHours(24), ScoredPopulation = "inpatient" },
            Required = ["heart-rate-last"], Reference = trained.Reference, GoldenInputs = trained.GoldenInputs,
        }, trained.Onnx, trained.Report.ToJson());
    }

    private static TrainingRows Rows(FeatureSet set)
    {
        var names = set.Features.Select(f => f.Name).ToArray();
        var values = new float[RowCount * names.Length];
        var labels = new bool[RowCount];
        for (var row = 0; row < RowCount; row++)
        {
            labels[row] = row % 3 == 0;
            for (var column = 0; column < names.Length; column++)
            {
                var noise = ((row * 31) + (column * 17)) % 13;
                values[(row * names.Length) + column] = names[column] == "heart-rate-last" ? 70 + noise + (labels[row] ? 50 : 0)
                    : set.Features[column].Categories.IsEmpty ? noise : row % 2;
            }
        }
        return new TrainingRows([.. names], values, labels, [.. Enumerable.Range(0, RowCount).Select(r => $"p{r}")]);
    }
}
