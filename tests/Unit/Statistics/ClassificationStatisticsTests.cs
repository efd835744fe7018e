using System.Text.Json;
using CsCheck;
using HealthMLOps.Statistics;
using HealthMLOps.Tests.Unit.Modeling;

namespace HealthMLOps.Tests.Unit.Statistics;

public sealed class ClassificationStatisticsTests
{
    private static readonly JsonElement Cases = JsonDocument.Parse(File.ReadAllBytes(
        Path.Combine(GoldenOnnx.TestFolder(), "Golden", "statistics", "classification.json"))).RootElement.GetProperty("cases");

    public static TheoryData<string> Names => [.. Cases.EnumerateObject().Select(entry => entry.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_statistics_equal_those_of_scikit_learn_and_R(string name)
    {
        var (scores, labels, expected) = Case(name);
        var auroc = Auroc.Of(scores, labels)!;
        Assert.Equal(Number(expected, "auroc"), auroc.Area, 1e-9);
        Assert.Equal(Number(expected, "delong", "se"), auroc.StandardError, 1e-9);
        Assert.Equal(Number(expected, "delong", "ci95_low"), auroc.Low, 1e-9);
        Assert.Equal(Number(expected, "delong", "ci95_high"), auroc.High, 1e-9);
        Assert.Equal(Number(expected, "brier"), ProbabilityMeasures.Brier(scores, labels), 1e-9);
        Assert.Equal(Number(expected, "log_loss_clip1e_15"), ProbabilityMeasures.LogLoss(scores, labels), 1e-9);
        Assert.Equal(Number(expected, "auprc_average_precision"), ProbabilityMeasures.AveragePrecision(scores, labels)!.Value, 1e-9);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_calibration_line_equals_that_of_statsmodels(string name)
    {
        var (scores, labels, expected) = Case(name);
        var line = CalibrationLine.Fit(scores, labels);
        if (expected.GetProperty("calibration").GetProperty("slope").ValueKind == JsonValueKind.Null)
        {
            Assert.Null(line);
            return;
        }
        Assert.Equal(Number(expected, "calibration", "slope"), line!.Slope, 1e-6);
        Assert.Equal(Number(expected, "calibration", "intercept"), line.Intercept, 1e-6);
    }

    [Fact]
    public void Auroc_equals_the_share_of_pairs_in_the_right_order()
    {
        Gen.Select(Gen.Int[0, 12].Select(score => score / 12.0), Gen.Bool).Array[1, 60].Sample(rows =>
        {
            double[] scores = [.. rows.Select(row => row.Item1)];
            bool[] labels = [.. rows.Select(row => row.Item2)];
            var estimate = Auroc.Of(scores, labels);
            var pairs = (from positive in rows where positive.Item2 from negative in rows where !negative.Item2
                         select positive.Item1 > negative.Item1 ? 1 : positive.Item1 == negative.Item1 ? 0.5 : 0).ToList();
            return pairs.Count == 0 ? estimate is null : Math.Abs(pairs.Average() - estimate!.Area) < 1e-12;
        });
    }

    [Fact]
    public void With_one_row_a_patient_the_grouped_interval_is_that_of_DeLong()
    {
        var (scores, labels, _) = Case("c8_real_heart_cleveland_to_va");
        var plain = Auroc.Of(scores, labels)!;
        var grouped = Auroc.OfGrouped(scores, labels, [.. Enumerable.Range(0, scores.Length).Select(i => $"p{i}")])!;
        Assert.Equal(plain.Area, grouped.Area, 1e-12);
        Assert.Equal(plain.StandardError, grouped.StandardError, 1e-12);
    }

    [Fact]
    public void Copying_each_patients_row_does_not_make_the_grouped_interval_narrower()
    {
        var (scores, labels, _) = Case("c8_real_heart_cleveland_to_va");
        double[] copies = [.. scores, .. scores, .. scores];
        bool[] copiedLabels = [.. labels, .. labels, .. labels];
        var once = Auroc.Of(scores, labels)!.StandardError;
        var groups = Enumerable.Range(0, copies.Length).Select(i => $"p{i % scores.Length}").ToList();
        Assert.Equal(once, Auroc.OfGrouped(copies, copiedLabels, groups)!.StandardError, 1e-12);
        Assert.True(Auroc.Of(copies, copiedLabels)!.StandardError < once * 0.6);
    }

    private static (double[] Scores, bool[] Labels, JsonElement Expected) Case(string name) =>
    (
        [.. Cases.GetProperty(name).GetProperty("p").EnumerateArray().Select(p => p.GetDouble())],
        [.. Cases.GetProperty(name).GetProperty("y").EnumerateArray().Select(y => y.GetInt32() == 1)],
        Cases.GetProperty(name).GetProperty("expected"));

    private static double Number(JsonElement expected, params string[] path) => path.Aggregate(expected, (element, name) => element.GetProperty(name)).GetDouble();
}
