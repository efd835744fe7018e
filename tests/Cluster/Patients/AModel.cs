using HealthMLOps.Features;
using HealthMLOps.Models;
using HealthMLOps.Storage;
using HealthMLOps.Training;

namespace HealthMLOps.Tests.Cluster.Patients;

/// <summary>A small real model: trained on made-up rows in which a fast heart means deterioration.</summary>
internal static class AModel
{
    public const string Name = "deterioration";

    /// <summary>Packs and stores a model over the configured feature set, and registers it.</summary>
    public static async Task<RegisteredModel> Registered(Ward ward, string statement = "Supports the ward team; never decides.")
    {
        var set = ward.Get<FeatureLibrary>().Named("deterioration");
        var trained = Trainer.Train(Rows(set), new TrainingOptions { Algorithm = LearningAlgorithm.LogisticRegression, Folds = 2, Ridge = 50 });
        var package = ModelPackage.Pack(new ModelContract
        {
            Model = Name,
            FeatureSet = set.Name,
            FeatureSetHash = set.Hash,
            Inputs = trained.Inputs,
            Output = trained.Output,
            Bands = [new("low", 0), new("high", 0.5)],
            Threshold = 0.5,
            IntendedUse = new()
            {
                Statement = statement, Population = "Adult inpatients", Outcome = "Clinical deterioration", Horizon = TimeSpan.FromHours(24), ScoredPopulation = "inpatient",
            },
            Required = ["heart-rate-last"],
            InputAgeMax = TimeSpan.FromHours(6),
            Reference = trained.Reference,
            GoldenInputs = trained.GoldenInputs,
        }, trained.Onnx, trained.Report.ToJson());
        var stop = TestContext.Current.CancellationToken;
        await ward.Get<PackageStore>().Put(package.Bytes.ToArray(), stop);
        return await ward.Get<ModelRegistrar>().Register(package.Digest, "data-scientist", stop);
    }

    private static TrainingRows Rows(FeatureSet set)
    {
        const int count = 300;
        var names = set.Features.Select(f => f.Name).ToArray();
        var values = new float[count * names.Length];
        var labels = new bool[count];
        for (var row = 0; row < count; row++)
        {
            labels[row] = row % 3 == 0;
            for (var column = 0; column < names.Length; column++)
            {
                var noise = (row * 31 + column * 17) % 13;
                values[row * names.Length + column] = names[column] == "heart-rate-last" ? 70 + noise + (labels[row] ? 50 : 0)
                    : set.Features[column].Categories.IsEmpty ? noise : row % 2;
            }
        }
        return new TrainingRows([.. names], values, labels, [.. Enumerable.Range(0, count).Select(r => $"p{r}")]);
    }
}
