using System.Collections.Immutable;
using HealthMLOps.Hosting;

namespace HealthMLOps.Training;

/// <summary>Keeps the runs, and hands the unfinished ones to this silo's training work whenever it is activated.</summary>
public sealed class TrainingGrain(
    [PersistentState("training-runs")] IPersistentState<TrainingRuns> state, TrainingQueue queue, ClinicalClock clock) : Grain, ITrainingGrain, IRemindable
{
    /// <summary>Runs that are remembered; beyond it the oldest finished one goes.</summary>
    public const int RunsMax = 1_000;

    private const string UnfinishedReminder = "unfinished-runs";
    private static readonly TimeSpan ReminderPeriod = TimeSpan.FromMinutes(1);

    private ImmutableDictionary<string, TrainingRun> _live = ImmutableDictionary<string, TrainingRun>.Empty;

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        foreach (var run in Unfinished()) queue.Add(run);
        return Task.CompletedTask;
    }

    public async Task<TrainingRun> Start(TrainingRequest request, string by)
    {
        var run = new TrainingRun
        {
            Id = $"run-{state.State.Next}",
            Request = request,
            State = TrainingRunState.Queued,
            AskedAt = clock.Now,
            AskedBy = by,
            Stage = "queued",
        };
        await this.RegisterOrUpdateReminder(UnfinishedReminder, ReminderPeriod, ReminderPeriod);
        await Write(new TrainingRuns(state.State.Next + 1, Trimmed(state.State.Runs).Add(run)));
        queue.Add(run);
        return run;
    }

    public Task<ImmutableArray<TrainingRun>> List() => Task.FromResult(state.State.Runs.Select(Newest).ToImmutableArray());

    public Task<TrainingRun?> Get(string id) =>
        Task.FromResult(state.State.Runs.FirstOrDefault(r => r.Id == id) is { } run ? Newest(run) : null);

    public async Task Report(TrainingRun run)
    {
        _live = _live.SetItem(run.Id, run);
        if (run.State is not (TrainingRunState.Succeeded or TrainingRunState.Failed)) return;
        var at = state.State.Runs.FindIndex(r => r.Id == run.Id);
        if (at >= 0) await Write(state.State with { Runs = state.State.Runs.SetItem(at, run) });
    }

    /// <summary>Wakes the grain after a crash, and lets it sleep once nothing is left to do.</summary>
    public async Task ReceiveReminder(string reminderName, TickStatus status)
    {
        if (Unfinished().Any()) return;
        if (await this.GetReminder(reminderName) is { } reminder) await this.UnregisterReminder(reminder);
    }

    private IEnumerable<TrainingRun> Unfinished() =>
        state.State.Runs.Where(r => r.State is TrainingRunState.Queued or TrainingRunState.Running);

    private TrainingRun Newest(TrainingRun run) => _live.GetValueOrDefault(run.Id, run);

    private static ImmutableList<TrainingRun> Trimmed(ImmutableList<TrainingRun> runs)
    {
        if (runs.Count < RunsMax) return runs;
        var oldest = runs.FindIndex(r => r.State is TrainingRunState.Succeeded or TrainingRunState.Failed);
        return oldest < 0 ? throw new InvalidOperationException($"{RunsMax} training runs are unfinished; more are not taken.") : runs.RemoveAt(oldest);
    }

    private async Task Write(TrainingRuns after)
    {
        var before = state.State;
        state.State = after;
        try { await state.WriteStateAsync(); }
        catch
        {
            state.State = before;
            DeactivateOnIdle(); // The write may have landed: reload to know.
            throw;
        }
    }
}

/// <summary>The stored runs, oldest first.</summary>
[GenerateSerializer, Immutable, Alias("training-runs")]
public sealed record TrainingRuns([property: Id(0)] long Next, [property: Id(1)] ImmutableList<TrainingRun> Runs)
{
    public TrainingRuns() : this(1, []) { }
}
