using HealthMLOps.Models;

namespace HealthMLOps.Tests.Unit.Modeling;

public sealed class ScoringSessionTests
{
    [Theory]
    [InlineData("heart_lr_zipmap", "output_probability", ModelOutputKind.ZipMap, "1", "prob_1")]
    [InlineData("heart_gbm_zipmap", "output_probability", ModelOutputKind.ZipMap, "1", "prob_1")]
    [InlineData("heart_rf_zipmap_string_labels", "output_probability", ModelOutputKind.ZipMap, "disease", "prob_disease")]
    [InlineData("heart_lr_tensor", "probabilities", ModelOutputKind.Tensor, "1", "prob_1")]
    [InlineData("heart_histgbm_missing_aware", "probabilities", ModelOutputKind.Tensor, "1", "prob_1")]
    [InlineData("heart_lr_double", "probabilities", ModelOutputKind.Tensor, "1", "prob_1")]
    [InlineData("heart_lr_static_batch1", "probabilities", ModelOutputKind.Tensor, "1", "prob_1")]
    [InlineData("heart_multiclass_lr", "probabilities", ModelOutputKind.Tensor, "3", "prob")]
    [InlineData("diabetes130_mixed_multi_input", "probabilities", ModelOutputKind.Tensor, "1", "prob_1")]
    [InlineData("linear_two_inputs_two_outputs", "risk", ModelOutputKind.Tensor, null, "risk")]
    [InlineData("identity_with_metadata", "p", ModelOutputKind.Tensor, null, "p")]
    public void A_valid_model_gives_its_expected_scores_one_by_one_and_together(string name, string output, ModelOutputKind kind, string? positive, string answer)
    {
        var (contract, rows, expected, tolerance) = GoldenOnnx.Case(name, output, kind, positive);
        using var session = ScoringSession.Load(ModelPackage.Pack(contract, GoldenOnnx.Valid(name)));
        var together = session.Score([.. rows, .. rows]);
        for (var r = 0; r < rows.Count; r++)
        {
            var wanted = expected[answer][r] is { Length: > 1 } columns ? columns[int.Parse(positive!, null)] : expected[answer][r][0];
            Assert.Equal(wanted, session.Score(rows[r].AsSpan()).Score!.Value, tolerance);
            Assert.Equal(wanted, together[r].Score!.Value, tolerance);
            Assert.Equal(together[r], together[r + rows.Count]);
        }
    }

    [Theory]
    [InlineData("produces_nan_inf", "p", NoScoreReason.NonFiniteOutput)]
    [InlineData("produces_out_of_range", "p", NoScoreReason.OutputOutOfRange)]
    [InlineData("heart_regressor_thalach", "variable", NoScoreReason.OutputOutOfRange)]
    public void What_is_no_probability_is_no_score(string name, string output, NoScoreReason reason)
    {
        var (contract, rows, expected, _) = GoldenOnnx.Case(name, output);
        using var session = ScoringSession.Load(ModelPackage.Pack(contract, GoldenOnnx.Valid(name)));
        var results = session.Score(rows);
        for (var r = 0; r < rows.Count; r++)
        {
            if (expected.Values.Single()[r][0] is >= 0 and <= 1) Assert.NotNull(results[r].Score);
            else Assert.Equal(reason, results[r].NoScore);
            Assert.Equal(results[r], session.Score(rows[r].AsSpan()));
        }
        Assert.Contains(results, result => result.NoScore == reason);
    }

    public static TheoryData<string> Damaged => [.. GoldenOnnx.InvalidNames().Where(name => name != "bitflip")];

    [Theory]
    [MemberData(nameof(Damaged))]
    public void A_damaged_or_hostile_file_is_refused_with_a_reason(string name)
    {
        var refusal = Assert.Throws<PackageRefused>(() =>
            ScoringSession.Load(ModelPackage.Pack(AContract.ForMatrix("X", 1, "p"), GoldenOnnx.Invalid(name))).Dispose());
        Assert.Contains("model", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>ONNX Runtime loads this file and scores: only the digest, and the golden inputs behind it, tell.</summary>
    [Fact]
    public void A_bit_flipped_inside_a_valid_model_is_refused_by_the_digest()
    {
        var contract = GoldenOnnx.Case("heart_gbm_zipmap", "output_probability", ModelOutputKind.ZipMap, "1").Contract;
        var signed = ModelPackage.Pack(contract, GoldenOnnx.Valid("heart_gbm_zipmap"));
        var flipped = ModelPackage.Pack(contract, GoldenOnnx.Invalid("bitflip"));
        Assert.Throws<PackageRefused>(() => ModelPackage.Open(flipped.Bytes, signed.Digest));
    }

    [Fact]
    public void A_tensor_in_another_file_is_refused_before_the_runtime_sees_it() =>
        Assert.Contains("another file", Assert.Throws<PackageRefused>(() => OnnxGate.Check(GoldenOnnx.Invalid("external_data_path_traversal"))).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("Y", 10, "probabilities", "1", "inputs are X")]
    [InlineData("X", 9, "probabilities", "1", "10 columns")]
    [InlineData("X", 10, "p", "1", "outputs are")]
    [InlineData("X", 10, "probabilities", null, "no positive class")]
    [InlineData("X", 10, "probabilities", "2", "more than 2")]
    [InlineData("X", 10, "label", null, "Int64")]
    public void A_contract_that_does_not_fit_the_graph_is_refused(string input, int features, string output, string? positive, string why)
    {
        var package = ModelPackage.Pack(AContract.ForMatrix(input, features, output, positive), GoldenOnnx.Valid("heart_lr_tensor"));
        Assert.Contains(why, Assert.Throws<PackageRefused>(() => ScoringSession.Load(package)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_session_whose_golden_input_scores_otherwise_is_refused()
    {
        var contract = AContract.ForMatrix("X", 1, "p") with { GoldenInputs = [new([0.5], 0.5), new([0.25], 0.250002)] };
        var refusal = Assert.Throws<PackageRefused>(() => ScoringSession.Load(ModelPackage.Pack(contract, GoldenOnnx.Valid("identity_with_metadata"))));
        Assert.Contains("Golden input 1", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_missing_value_that_an_input_can_not_express_is_no_score_and_leaves_the_other_rows_alone()
    {
        var (contract, rows, expected, tolerance) = GoldenOnnx.Case("diabetes130_mixed_multi_input", "probabilities", positive: "1");
        using var session = ScoringSession.Load(ModelPackage.Pack(contract, GoldenOnnx.Valid("diabetes130_mixed_multi_input")));
        var results = session.Score([rows[0].SetItem(5, null), rows[1], rows[2].SetItem(7, 99)]);
        Assert.Equal(NoScoreReason.MissingInputs, results[0].NoScore);
        Assert.Equal(expected["prob_1"][1][0], results[1].Score!.Value, tolerance);
        Assert.Equal(NoScoreReason.ModelFailed, results[2].NoScore);
    }

    [Fact]
    public void Contributions_are_the_change_of_the_score_when_a_feature_goes_to_its_reference()
    {
        var (contract, rows, _, _) = GoldenOnnx.Case("heart_lr_tensor", "probabilities", positive: "1");
        contract = contract with { Reference = rows[5] };
        using var session = ScoringSession.Load(ModelPackage.Pack(contract, GoldenOnnx.Valid("heart_lr_tensor")));
        var row = rows[40];
        var contributions = session.Contributions(row.AsSpan(), countMax: 3);
        Assert.Equal(3, contributions.Length);
        Assert.Equal(contributions.OrderByDescending(one => Math.Abs(one.Change)), contributions);
        foreach (var one in contributions)
        {
            var at = contract.RowOrder().IndexOf(one.Feature);
            var without = session.Score(row.SetItem(at, rows[5][at]).AsSpan()).Score;
            Assert.Equal(session.Score(row.AsSpan()).Score!.Value - without!.Value, one.Change, 1e-7);
            Assert.Equal((row[at], rows[5][at]), (one.Value, one.Reference));
        }
    }

    [Fact]
    public void A_row_through_the_bound_path_allocates_nothing()
    {
        var (contract, rows, _, _) = GoldenOnnx.Case("heart_lr_tensor", "probabilities", positive: "1");
        using var session = ScoringSession.Load(ModelPackage.Pack(contract, GoldenOnnx.Valid("heart_lr_tensor")));
        Assert.True(session.HasLanes);
        for (var i = 0; i < 100; i++) session.Score(rows[i % rows.Count].AsSpan());
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++) session.Score(rows[i % rows.Count].AsSpan());
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void A_value_too_great_for_the_model_is_no_score_and_a_row_of_another_width_is_our_bug()
    {
        using var session = ScoringSession.Load(ModelPackage.Pack(AContract.ForMatrix("X", 1, "p"), GoldenOnnx.Valid("identity_with_metadata")));
        Assert.Equal(NoScoreReason.ModelFailed, session.Score([1e300]).NoScore);
        Assert.Equal(NoScoreReason.NonFiniteOutput, session.Score([null]).NoScore);
        Assert.Throws<ArgumentException>(() => session.Score([0.1, 0.2]));
    }

    [Fact]
    public async Task A_session_disposed_while_others_score_finishes_their_calls_and_then_says_so()
    {
        var (contract, rows, _, _) = GoldenOnnx.Case("heart_gbm_zipmap", "output_probability", ModelOutputKind.ZipMap, "1");
        var package = ModelPackage.Pack(contract, GoldenOnnx.Valid("heart_gbm_zipmap"));
        for (var round = 0; round < 20; round++)
        {
            var session = ScoringSession.Load(package);
            var expected = session.Score(rows);
            using var started = new CountdownEvent(3);
            var scorers = Enumerable.Range(0, 3).Select(_ => Task.Run(() =>
            {
                started.Signal();
                try
                {
                    while (true) Assert.Equal(expected, session.Score(rows));
                }
                catch (ObjectDisposedException)
                {
                    return true;
                }
            })).ToArray();
            started.Wait(TestContext.Current.CancellationToken);
            session.Dispose();
            Assert.All(await Task.WhenAll(scorers), Assert.True);
        }
    }
}
