using System.Collections.Immutable;
using HealthMLOps.Models;

namespace HealthMLOps.Tests.Unit.Modeling;

/// <summary>Contracts for tests: sound in every respect, so that a test changes just what it is about.</summary>
internal static class AContract
{
    public static ModelContract With(ImmutableArray<ModelInput> inputs, ModelOutput output) => new()
    {
        Model = "deterioration",
        FeatureSet = "vitals",
        FeatureSetHash = new string('a', 64),
        Inputs = inputs,
        Output = output,
        Bands = [new("low", 0), new("high", 0.5)],
        Threshold = 0.5,
        IntendedUse = new()
        {
            Statement = "Supports the ward team; never decides.",
            Population = "Adult inpatients",
            Outcome = "Clinical deterioration",
            Horizon = TimeSpan.FromHours(24),
        },
    };

    public static ModelContract ForMatrix(string input, int features, string output, string? positive = null) =>
        With([new(input, [.. Enumerable.Range(0, features).Select(i => $"f{i}")])], new(output, ModelOutputKind.Tensor, positive));
}
