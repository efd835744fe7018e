using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;

namespace HealthMLOps.Models;

/// <summary>A loaded model that scores rows of features.</summary>
/// <remarks>
/// Safe for any number of threads at once. <see cref="Dispose"/> may come at any time: calls under way and leases finish
/// first, the last of them frees the native session; later calls throw <see cref="ObjectDisposedException"/>.
/// One thread a call and no spinning: a tree model gains nothing from more threads, and spinning would burn the cores of the grains.
/// </remarks>
public sealed class ScoringSession : IDisposable
{
    /// <summary>Rows in one run of the graph; more are cut into several runs.</summary>
    public const int RowsAtOnceMax = 256;
    private const double GoldenTolerance = 1e-6;
    private const int ErrorLettersMax = 300;

    private readonly InferenceSession _session;
    private readonly ModelContract _contract;
    private readonly ImmutableArray<string> _features;
    private readonly ImmutableArray<InputColumns> _inputs;
    private readonly string[] _inputNames, _outputNames;
    private readonly ProbabilityOutput _output;
    private readonly ScoringLane?[] _idleLanes = new ScoringLane?[Environment.ProcessorCount];
    private int _users = 1; // The owner is one, until it disposes.
    private int _ownerIsGone;

    private ScoringSession(ModelPackage package, InferenceSession session)
    {
        (_session, _contract, Digest) = (session, package.Contract, package.Digest);
        _features = _contract.RowOrder();
        var names = _contract.Inputs.Select(input => input.Name).ToHashSet(StringComparer.Ordinal);
        if (!names.SetEquals(session.InputMetadata.Keys))
            throw new PackageRefused($"The ONNX model's inputs are {string.Join(", ", session.InputMetadata.Keys)}; the contract names {string.Join(", ", names)}.");
        if (!session.OutputMetadata.TryGetValue(_contract.Output.Name, out var output))
            throw new PackageRefused($"The ONNX model's outputs are {string.Join(", ", session.OutputMetadata.Keys)}; the contract names {_contract.Output.Name}.");

        var inputs = ImmutableArray.CreateBuilder<InputColumns>();
        foreach (var input in _contract.Inputs)
            inputs.Add(new InputColumns(input, session.InputMetadata[input.Name], inputs.Sum(earlier => earlier.Width)));
        _inputs = inputs.ToImmutable();
        _inputNames = [.. _inputs.Select(input => input.Name)];
        _output = new ProbabilityOutput(_contract.Output, output);
        _outputNames = [_output.Name];
        HasLanes = _output.IsFloatMatrix && _inputs is [{ Kind: Microsoft.ML.OnnxRuntime.Tensors.TensorElementType.Float }];
    }

    /// <summary>The package that it was loaded from.</summary>
    public string Digest { get; }

    /// <summary>Whether single rows take the path that allocates nothing.</summary>
    internal bool HasLanes { get; }

    /// <exception cref="PackageRefused">The model can't be loaded, doesn't fit its contract, or misses a golden score.</exception>
    public static ScoringSession Load(ModelPackage package)
    {
        OnnxGate.Check(package.Onnx);
        InferenceSession? native = null;
        ScoringSession? session = null;
        try
        {
            using var options = new SessionOptions
            {
                IntraOpNumThreads = 1,
                InterOpNumThreads = 1,
                ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
                LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
            };
            options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
            options.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
            native = new InferenceSession(package.Onnx.ToArray(), options);
            session = new ScoringSession(package, native);
            session.ProveItself();
            return session;
        }
        catch (Exception failure)
        {
            if (session is null) native?.Dispose();
            session?.Dispose();
            if (failure is OnnxRuntimeException refusal) throw new PackageRefused($"ONNX Runtime refuses the model: {FirstLine(refusal.Message)}");
            throw;
        }
    }

    /// <summary>Scores one row; <see langword="null"/> values are missing.</summary>
    /// <param name="row">One value for each feature, in the order of <see cref="ModelContract.RowOrder"/>.</param>
    public ScoreResult Score(ReadOnlySpan<double?> row)
    {
        Enter();
        try
        {
            return Refusal(row) ?? (HasLanes ? ScoreInLane(row) : Run([[.. row]])[0]);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>Scores several rows; what is wrong with one row doesn't touch the others.</summary>
    public ImmutableArray<ScoreResult> Score(IReadOnlyList<ImmutableArray<double?>> rows)
    {
        Enter();
        try
        {
            var results = new ScoreResult[rows.Count];
            var sound = new List<int>(rows.Count);
            for (var r = 0; r < rows.Count; r++)
            {
                if (Refusal(rows[r].AsSpan()) is { } refusal) results[r] = refusal;
                else sound.Add(r);
            }
            foreach (var part in sound.Chunk(_inputs.Any(input => input.OneRowOnly) ? 1 : RowsAtOnceMax))
            {
                var scores = Run([.. part.Select(r => rows[r])]);
                for (var i = 0; i < part.Length; i++) results[part[i]] = scores[i];
            }
            return ImmutableCollectionsMarshal.AsImmutableArray(results);
        }
        finally
        {
            Leave();
        }
    }

    /// <summary>The features that moved this row's score most, greatest first; empty when the row has no score.</summary>
    /// <remarks>Occlusion: score(row) - score(row with that feature set to its reference). Where the contract has no reference, the feature is taken away.</remarks>
    public ImmutableArray<Contribution> Contributions(ReadOnlySpan<double?> row, int countMax)
    {
        ImmutableArray<double?> whole = [.. row];
        var moved = Enumerable.Range(0, whole.Length).Where(i => whole[i] != Reference(i)).ToList();
        var scores = Score([whole, .. moved.Select(i => whole.SetItem(i, Reference(i)))]);
        if (scores[0].Score is not { } score) return [];
        return [.. moved.Zip(scores.Skip(1), (i, without) => (Index: i, Without: without.Score))
            .Where(pair => pair.Without is not null)
            .Select(pair => new Contribution(_features[pair.Index], whole[pair.Index], Reference(pair.Index), score - pair.Without.GetValueOrDefault()))
            .OrderByDescending(contribution => Math.Abs(contribution.Change))
            .ThenBy(contribution => contribution.Feature, StringComparer.Ordinal)
            .Take(countMax)];
    }

    /// <summary>Releases the owner's share: the native session is freed when no call and no lease uses it.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _ownerIsGone, 1) == 0) Leave();
    }

    /// <summary>Takes a share, so that the session stays loaded until <see cref="Leave"/>; fails once the last share was given back.</summary>
    internal bool TryEnter()
    {
        var users = Volatile.Read(ref _users);
        while (users > 0)
        {
            var seen = Interlocked.CompareExchange(ref _users, users + 1, users);
            if (seen == users) return true;
            users = seen;
        }
        return false;
    }

    internal void Leave()
    {
        if (Interlocked.Decrement(ref _users) > 0) return;
        foreach (var lane in _idleLanes) lane?.Dispose();
        _session.Dispose();
    }

    private void Enter() => ObjectDisposedException.ThrowIf(!TryEnter(), this);

    private ScoreResult? Refusal(ReadOnlySpan<double?> row)
    {
        if (row.Length != _features.Length) throw new ArgumentException($"A row of {_contract.Model} has {_features.Length} values; got {row.Length}.");
        foreach (var input in _inputs)
            if (input.Refusal(row) is { } refusal) return refusal;
        return null;
    }

    private ScoreResult ScoreInLane(ReadOnlySpan<double?> row)
    {
        var lane = TakeLane();
        try
        {
            return lane.Score(row);
        }
        catch (OnnxRuntimeException failure)
        {
            return Failed(failure);
        }
        finally
        {
            GiveBack(lane);
        }
    }

    private ScoringLane TakeLane()
    {
        for (var i = 0; i < _idleLanes.Length; i++)
            if (Interlocked.Exchange(ref _idleLanes[i], null) is { } lane) return lane;
        return new ScoringLane(_session, _inputs[0], _output);
    }

    private void GiveBack(ScoringLane lane)
    {
        for (var i = 0; i < _idleLanes.Length; i++)
            if (Interlocked.CompareExchange(ref _idleLanes[i], lane, null) is null) return;
        lane.Dispose();
    }

    private ScoreResult[] Run(IReadOnlyList<ImmutableArray<double?>> rows)
    {
        var tensors = new List<OrtValue>(_inputs.Length);
        try
        {
            foreach (var input in _inputs) tensors.Add(input.Tensor(rows));
            using var run = new RunOptions();
            using var outputs = _session.Run(run, _inputNames, tensors, _outputNames);
            if (_output.Read(outputs[0], rows.Count) is { } results) return results;
            return RepeatFor(rows.Count, ScoreResult.Refused(NoScoreReason.ModelFailed, $"Output '{_output.Name}' has not the shape or class that the contract says."));
        }
        catch (OnnxRuntimeException failure) when (rows.Count == 1)
        {
            return [Failed(failure)];
        }
        catch (OnnxRuntimeException)
        {
            return [.. rows.Select(row => Run([row])[0])]; // One row may have failed the others: ask for each alone.
        }
        finally
        {
            foreach (var tensor in tensors) tensor.Dispose();
        }
    }

    /// <summary>Runs the golden inputs, or a typical row where there are none, so that a model that can't run is refused now and not beside a patient.</summary>
    private void ProveItself()
    {
        ImmutableArray<double?> typical = [.. Enumerable.Range(0, _features.Length).Select(i => Reference(i) ?? 0)];
        if (Score(typical.AsSpan()) is { NoScore: NoScoreReason.ModelFailed } failed)
            throw new PackageRefused($"The model fails on a typical row: {failed.Detail}");
        for (var i = 0; i < _contract.GoldenInputs.Length; i++)
        {
            var golden = _contract.GoldenInputs[i];
            var result = Score(golden.Values.AsSpan());
            if (result.Score is not { } score || Math.Abs(score - golden.Score) > GoldenTolerance)
                throw new PackageRefused(FormattableString.Invariant(
                    $"Golden input {i} scores {result.Score?.ToString("R") ?? $"nothing ({result.NoScore})"}; allowed: {golden.Score:R} within {GoldenTolerance}."));
        }
    }

    private double? Reference(int feature) => _contract.Reference.IsEmpty ? null : _contract.Reference[feature];

    // What stands behind "Status Message" may hold a value of the row (an index out of range): it stays here.
    private static ScoreResult Failed(OnnxRuntimeException failure) =>
        ScoreResult.Refused(NoScoreReason.ModelFailed, $"ONNX Runtime failed: {FirstLine(failure.Message.Split("Status Message")[0])}");

    private static ScoreResult[] RepeatFor(int rows, ScoreResult result) => [.. Enumerable.Repeat(result, rows)];

    private static string FirstLine(string message)
    {
        var line = message.Split('\n')[0];
        return line[..Math.Min(line.Length, ErrorLettersMax)].Trim();
    }
}
