using CsCheck;
using HealthMLOps.Models;
using HealthMLOps.Training;

namespace HealthMLOps.Tests.Unit.Modeling;

public sealed class TrainerTests
{
    private static readonly TrainingRows Ward = AWard.Rows(patients: 150, seed: 7);

    private static TrainingOptions Small(LearningAlgorithm algorithm) =>
        TrainingOptions.For(algorithm) with { Trees = 30, RowsPerLeafMin = 5, LearningRate = 0.1, Folds = 3 };

    [Theory]
    [InlineData(LearningAlgorithm.LightGbm)]
    [InlineData(LearningAlgorithm.FastTree)]
    [InlineData(LearningAlgorithm.LogisticRegression)]
    public void A_trained_model_is_the_same_function_as_its_onnx_file_with_values_missing_too(LearningAlgorithm algorithm)
    {
        var options = Small(algorithm);
        var learned = Learner.Fit(Ward, options);
        var onnx = learned.WriteOnnx();
        foreach (var missingEvery in (int[])[1, 2, 3, 7])
        {
            var rows = Ward.WithValues([.. Ward.Values.Select((value, i) => i * 2654435761L % 97 % missingEvery == 0 ? float.NaN : value)]);
            var expected = learned.Predict(rows);
            var actual = OnnxTwin.Probabilities(onnx, rows);
            for (var r = 0; r < rows.Count; r++) Assert.Equal(expected[r], actual[r], 1e-6);
        }
    }

    [Theory]
    [InlineData(LearningAlgorithm.LightGbm)]
    [InlineData(LearningAlgorithm.FastTree)]
    [InlineData(LearningAlgorithm.LogisticRegression)]
    public void Training_again_on_the_same_rows_in_another_order_gives_the_same_bytes(LearningAlgorithm algorithm)
    {
        var first = Trainer.Train(Ward, Small(algorithm), TestContext.Current.CancellationToken);
        int[] shuffled = [.. Enumerable.Range(0, Ward.Count).OrderBy(row => row * 7919 % 1009)];
        var again = Trainer.Train(Ward.Pick(shuffled), Small(algorithm), TestContext.Current.CancellationToken);
        Assert.True(first.Onnx.Span.SequenceEqual(again.Onnx.Span));
        Assert.Equal(first.Report.ToJson(), again.Report.ToJson());
        for (var i = 0; i < shuffled.Length; i++) Assert.Equal(first.OutOfFold[shuffled[i]], again.OutOfFold[i]);
    }

    [Theory]
    [InlineData(LearningAlgorithm.LightGbm)]
    [InlineData(LearningAlgorithm.FastTree)]
    [InlineData(LearningAlgorithm.LogisticRegression)]
    public void A_trained_model_makes_a_package_that_loads_and_scores_as_in_training(LearningAlgorithm algorithm)
    {
        var trained = Trainer.Train(Ward, Small(algorithm), TestContext.Current.CancellationToken);
        var contract = AContract.With(trained.Inputs, trained.Output) with { Reference = trained.Reference, GoldenInputs = trained.GoldenInputs };
        using var session = ScoringSession.Load(ModelPackage.Pack(contract, trained.Onnx, trained.Report.ToJson()));
        Assert.True(session.HasLanes);
        var served = OnnxTwin.Probabilities(trained.Onnx.ToArray(), Ward);
        for (var r = 0; r < Ward.Count; r++)
        {
            double?[] row = [.. Ward.Row(r).ToArray().Select(value => float.IsNaN(value) ? (double?)null : value)];
            Assert.Equal(served[r], session.Score(row).Score);
        }
        Assert.True(trained.Report.Auroc.Area > 0.7, $"AUROC {trained.Report.Auroc.Area}");
        Assert.Contains(session.Contributions([3, 3, 3, 0, 0, null], 2), contribution => contribution.Feature is "lactate" or "rate");
    }

    [Fact]
    public void A_patient_is_never_on_both_sides_of_a_fold()
    {
        Gen.Select(Gen.String, Gen.Int, Gen.Int[2, 20]).Sample((group, seed, folds) =>
            Folds.Of(group, seed, folds) == Folds.Of(new string(group), seed, folds) && Folds.Of(group, seed, folds) < folds);
        var sizes = Enumerable.Range(0, 5000).CountBy(patient => Folds.Of($"pt-{patient}", 1, 5)).Select(fold => fold.Value);
        Assert.All(sizes, size => Assert.InRange(size, 850, 1150));
    }

    [Fact]
    public void A_model_can_not_cheat_by_knowing_the_patient()
    {
        // One feature names the patient, the outcome is the patient's fate, chance otherwise: any leak would show as AUROC near 1.
        var rows = AWard.OfFates(patients: 120, rowsEach: 6, seed: 3);
        var trained = Trainer.Train(rows, Small(LearningAlgorithm.FastTree) with { Folds = 5 }, TestContext.Current.CancellationToken);
        Assert.InRange(trained.Report.Auroc.Area, 0.25, 0.75);
        Assert.True(trained.Report.Auroc.StandardError > 0.02);
    }

    [Fact]
    public void The_reference_is_the_median_and_absent_for_a_feature_that_never_was()
    {
        var trained = Trainer.Train(Ward, Small(LearningAlgorithm.LogisticRegression), TestContext.Current.CancellationToken);
        float[] lactate = [.. Enumerable.Range(0, Ward.Count).Select(r => Ward.Row(r)[0]).Where(value => !float.IsNaN(value)).Order()];
        Assert.Equal(lactate[(lactate.Length - 1) / 2], trained.Reference[0]);
        Assert.Null(trained.Reference[^1]);
    }

    [Fact]
    public void Rows_that_can_not_teach_are_refused()
    {
        TrainingRows Rows(int count, Func<int, bool> label) => new(["x"], [.. Enumerable.Range(0, count).Select(i => (float)i)],
            [.. Enumerable.Range(0, count).Select(label)], [.. Enumerable.Range(0, count).Select(i => $"pt-{i}")]);
        Assert.Throws<TrainingRefused>(() => Trainer.Train(Rows(50, _ => false), new(), TestContext.Current.CancellationToken));
        Assert.Throws<TrainingRefused>(() => Trainer.Train(Rows(50, i => i % 2 == 0), new() { Folds = 1 }, TestContext.Current.CancellationToken));
        Assert.Throws<TrainingRefused>(() => new TrainingRows(["x"], [float.PositiveInfinity], [true], ["pt-1"]));
        Assert.Throws<TrainingRefused>(() => new TrainingRows(["x", "x"], [1, 2], [true], ["pt-1"]));
        Assert.Throws<TrainingRefused>(() => new TrainingRows(["x"], [1, 2], [true], ["pt-1"]));
    }
}
