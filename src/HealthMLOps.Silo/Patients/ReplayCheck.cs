using System.Collections.Immutable;
using HealthMLOps.Clinical;
using HealthMLOps.Features;
using HealthMLOps.Models;
using HealthMLOps.Storage;

namespace HealthMLOps.Patients;

/// <summary>Replays the whole log and compares each stored prediction's inputs, bit for bit, with what the replay computes.</summary>
/// <remarks>It holds one patient at a time. What is compared is the input, not the score: a score follows from its inputs and its package's digest.</remarks>
public sealed class ReplayCheck(IEventLog log, TurnCodec turns, FeatureLibrary library, TimeProvider clock)
{
    /// <summary>Mismatches that are shown; all are counted.</summary>
    public const int ExamplesMax = 20;

    private int _isRunning;

    /// <returns>What was found, or null while another check runs on this silo.</returns>
    public async Task<ReplayVerdict?> Run(CancellationToken cancellation)
    {
        if (Interlocked.CompareExchange(ref _isRunning, 1, 0) == 1) return null;
        try { return await Replay(cancellation); }
        finally { Volatile.Write(ref _isRunning, 0); }
    }

    private async Task<ReplayVerdict> Replay(CancellationToken cancellation)
    {
        var started = clock.GetTimestamp();
        var verdict = new ReplayVerdict();
        PatientKey? patient = null;
        var timeline = Timeline.Empty;
        var facts = new List<Fact>();
        await foreach (var stored in log.ReadAll(cancellation))
        {
            if (patient != stored.Patient)
            {
                (patient, timeline) = (stored.Patient, Timeline.Empty);
                facts.Clear();
                verdict = verdict with { Patients = verdict.Patients + 1 };
            }
            var turn = turns.Decode(stored.Payload);
            facts.AddRange(turn.Facts);
            var change = timeline.Admit(turn.Facts);
            timeline = change.MustReplay ? Timeline.Of(facts) : change.After;
            foreach (var prediction in turn.Predictions) verdict = Compared(verdict, stored,
                timeline.CanAnswer(prediction.AsOf, prediction.AsOf) ? timeline : Timeline.Of(facts, prediction.AsOf), prediction);
        }
        return verdict with { Seconds = clock.GetElapsedTime(started).TotalSeconds };
    }

    private ReplayVerdict Compared(ReplayVerdict verdict, StoredTurn turn, Timeline timeline, Prediction served)
    {
        verdict = verdict with { Predictions = verdict.Predictions + 1 };
        if (library.WithHash(served.FeatureSetHash) is not { } set) return verdict with { NotEvaluable = verdict.NotEvaluable + 1 };
        if (Difference(served, set.Compute(timeline, served.AsOf, served.AsOf)) is not { } feature) return verdict;
        return verdict with
        {
            Mismatches = verdict.Mismatches + 1,
            Examples = verdict.Examples.Length < ExamplesMax ? verdict.Examples.Add(new(turn.Patient, turn.Number, feature)) : verdict.Examples,
        };
    }

    /// <summary>The first feature whose value or newest input differs in any bit, or null.</summary>
    private static string? Difference(Prediction served, FeatureVector replayed)
    {
        if (served.Values.Length != replayed.Values.Length || served.NewestInputTicks.Length != replayed.NewestInputTicks.Length)
            return $"{served.Values.Length} values instead of {replayed.Values.Length}";
        for (var i = 0; i < replayed.Values.Length; i++)
            if (!SameBits(served.Values[i], replayed.Values[i]) || served.NewestInputTicks[i] != replayed.NewestInputTicks[i]) return replayed.Set.Features[i].Name;
        return null;
    }

    private static bool SameBits(double? a, double? b) =>
        a is { } one && b is { } other ? BitConverter.DoubleToInt64Bits(one) == BitConverter.DoubleToInt64Bits(other) : a is null && b is null;
}

/// <summary>What a replay of the log found.</summary>
public sealed record ReplayVerdict
{
    public long Patients { get; init; }
    public long Predictions { get; init; }
    public long Mismatches { get; init; }

    /// <summary>Predictions from feature definitions that are not configured any more.</summary>
    public long NotEvaluable { get; init; }
    public ImmutableArray<ReplayMismatch> Examples { get; init; } = [];
    public double Seconds { get; init; }
}

/// <param name="Patient">Whose prediction differs.</param>
/// <param name="Turn">The turn that holds it.</param>
/// <param name="Feature">The first feature that differs.</param>
public sealed record ReplayMismatch(PatientKey Patient, long Turn, string Feature);
