using System.Globalization;

namespace HealthMLOps.Models;

/// <summary>What every model contract must satisfy before a package is made of it or opened.</summary>
public static class ContractRules
{
    public const int FeaturesMax = 10_000;
    public const int BandsMax = 20;
    public const int GoldenInputsMax = 1_000;
    public const int WordsMax = 10_000;

    /// <exception cref="PackageRefused">The contract breaks a rule; the message names the first one.</exception>
    public static void Check(ModelContract contract)
    {
        Must(ModelVersion.IsModelName(contract.Model), $"model name '{contract.Model}' is none", $"1 to {ModelVersion.NameLettersMax} of a-z, 0-9 and '-'");
        Must(!string.IsNullOrWhiteSpace(contract.FeatureSet), "the feature set's name is empty", "a name");
        Must(contract.FeatureSetHash is { Length: 64 } hash && hash.All(char.IsAsciiHexDigitLower),
            $"featureSetHash has {contract.FeatureSetHash.Length} characters", "64 lower-case hexadecimal digits");
        CheckInputs(contract);
        CheckOutput(contract.Output);
        CheckPolicy(contract);
        CheckIntendedUse(contract.IntendedUse);
        CheckRows(contract);
    }

    private static void CheckInputs(ModelContract contract)
    {
        Must(contract.Inputs is { IsDefaultOrEmpty: false }, "there are no inputs", "at least one");
        foreach (var input in contract.Inputs)
        {
            Must(!string.IsNullOrEmpty(input.Name), "an input has no name", "the name in the ONNX graph");
            Must(!input.Features.IsDefaultOrEmpty && input.Features.All(name => !string.IsNullOrWhiteSpace(name)),
                $"input '{input.Name}' has no features, or one without a name", "at least one feature, each named");
            Must(!input.Words.IsDefault && input.Words.Length <= WordsMax, $"input '{input.Name}' has too many words", $"up to {WordsMax}");
            Must(input.Words.IsEmpty || input.Features.Length == 1,
                $"input '{input.Name}' holds words and {input.Features.Length} features", "one feature for an input of text");
        }
        MustBeDistinct(contract.Inputs.Select(input => input.Name), "input");
        var features = contract.RowOrder();
        Must(features.Length <= FeaturesMax, $"there are {features.Length} features", $"up to {FeaturesMax}");
        MustBeDistinct(features, "feature");
        Must(!contract.Required.IsDefault, "required is absent", "a list, empty or not");
        var unknown = contract.Required.Except(features).FirstOrDefault();
        Must(unknown is null, $"required feature '{unknown}' is not among the inputs", "features of the inputs");
    }

    private static void CheckOutput(ModelOutput output)
    {
        Must(!string.IsNullOrEmpty(output.Name), "the output has no name", "the name in the ONNX graph");
        Must(Enum.IsDefined(output.Kind), $"output kind {(int)output.Kind} is unknown", "Tensor or ZipMap");
        Must(output.Kind != ModelOutputKind.ZipMap || output.PositiveClass is not null, "a ZipMap output names no positive class", "the key whose value is the probability");
        Must(output.Kind != ModelOutputKind.Tensor || output.PositiveClass is null || int.TryParse(output.PositiveClass, NumberStyles.None, CultureInfo.InvariantCulture, out _),
            $"positive class '{output.PositiveClass}' of a tensor is no column", "a column number from 0");
    }

    private static void CheckPolicy(ModelContract contract)
    {
        Must(contract.Threshold is >= 0 and <= 1, $"threshold is {Text(contract.Threshold)}", "0 to 1");
        Must(contract.PresentShareMin is >= 0 and <= 1, $"presentShareMin is {Text(contract.PresentShareMin)}", "0 to 1");
        Must(contract.InputAgeMax is null || contract.InputAgeMax > TimeSpan.Zero, "inputAgeMax is not above zero", "a positive time, or none");
        Must(contract.ValidFor > TimeSpan.Zero, "validFor is not above zero", "a positive time");
        Must(contract.Bands is { IsDefaultOrEmpty: false, Length: <= BandsMax }, "bands are absent or too many", $"1 to {BandsMax}");
        Must(contract.Bands[0].From == 0, $"the first band begins at {Text(contract.Bands[0].From)}", "0");
        for (var i = 1; i < contract.Bands.Length; i++)
            Must(contract.Bands[i].From > contract.Bands[i - 1].From && contract.Bands[i].From <= 1,
                $"band '{contract.Bands[i].Name}' begins at {Text(contract.Bands[i].From)}", $"above {Text(contract.Bands[i - 1].From)} and up to 1");
        Must(contract.Bands.All(band => !string.IsNullOrWhiteSpace(band.Name)), "a band has no name", "a name");
        MustBeDistinct(contract.Bands.Select(band => band.Name), "band");
    }

    private static void CheckIntendedUse(IntendedUse use)
    {
        Must(!string.IsNullOrWhiteSpace(use.Statement) && !string.IsNullOrWhiteSpace(use.Population) && !string.IsNullOrWhiteSpace(use.Outcome),
            "intended use lacks its statement, population or outcome", "all three, in words");
        Must(use.Horizon > TimeSpan.Zero, "the horizon is not above zero", "a positive time");
        Must(use.ScoredPopulation is "any" or "inpatient", $"scoredPopulation is '{use.ScoredPopulation}'", "'any' or 'inpatient'");
    }

    private static void CheckRows(ModelContract contract)
    {
        var width = contract.Inputs.Sum(input => input.Features.Length);
        Must(!contract.Reference.IsDefault && (contract.Reference.IsEmpty || contract.Reference.Length == width),
            "reference has another length than a row", $"{width} values, or none");
        Must(contract.Reference.All(IsFiniteOrMissing), "reference holds a number that is not finite", "finite numbers, or null");
        Must(!contract.GoldenInputs.IsDefault && contract.GoldenInputs.Length <= GoldenInputsMax, "golden inputs are absent or too many", $"up to {GoldenInputsMax}");
        foreach (var golden in contract.GoldenInputs)
        {
            Must(!golden.Values.IsDefault && golden.Values.Length == width, "a golden input has another length than a row", $"{width} values");
            Must(golden.Values.All(IsFiniteOrMissing), "a golden input holds a number that is not finite", "finite numbers, or null");
            Must(golden.Score is >= 0 and <= 1, $"a golden input's score is {Text(golden.Score)}", "0 to 1");
        }
    }

    private static bool IsFiniteOrMissing(double? value) => value is not { } number || double.IsFinite(number);

    private static void MustBeDistinct(IEnumerable<string> names, string what)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var twice = names.FirstOrDefault(name => !seen.Add(name));
        Must(twice is null, $"{what} '{twice}' stands there twice", "each once");
    }

    private static string Text(double number) => number.ToString("R", CultureInfo.InvariantCulture);

    private static void Must(bool holds, string actual, string allowed)
    {
        if (!holds) throw new PackageRefused($"The model contract is refused: {actual}; allowed: {allowed}.");
    }
}
