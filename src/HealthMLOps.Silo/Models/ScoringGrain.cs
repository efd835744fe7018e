using System.Collections.Immutable;
using Orleans.Concurrency;

namespace HealthMLOps.Models;

/// <summary>Holds a lease on the version's session for as long as it is active, and scores with it.</summary>
[StatelessWorker(1)]
public sealed class ScoringGrain(ScoringSessions sessions) : Grain, IScoringGrain
{
    /// <summary>Contributions in one answer, the largest first.</summary>
    public const int ContributionsMax = 8;

    private ModelLease? _lease;
    private string? _refusal;

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var version = ModelVersion.Parse(this.GetPrimaryKeyString());
        try { _lease = await sessions.Rent(version, cancellationToken); }
        catch (PackageRefused refused) { _refusal = refused.Message; }
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _lease?.Dispose();
        return Task.CompletedTask;
    }

    public ValueTask<ScoreResult> Score(ImmutableArray<double?> values)
    {
        if (_lease is null)
        {
            DeactivateOnIdle(); // The next call tries to load it again.
            return ValueTask.FromResult(ScoreResult.Refused(NoScoreReason.ModelFailed, _refusal ?? "The model could not be loaded."));
        }
        return ValueTask.FromResult(_lease.Session.Score(values.AsSpan()));
    }

    public ValueTask<ImmutableArray<Contribution>> Contributions(ImmutableArray<double?> values) =>
        ValueTask.FromResult(_lease is null ? [] : _lease.Session.Contributions(values.AsSpan(), ContributionsMax));
}
