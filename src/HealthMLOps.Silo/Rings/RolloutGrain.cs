using HealthMLOps.Hosting;
using HealthMLOps.Storage;

namespace HealthMLOps.Rings;

/// <summary>Moves one model's versions through the rings: loads, asks Core, saves, publishes.</summary>
public sealed class RolloutGrain(
    [PersistentState("rollout")] IPersistentState<Rollout> state, RingBook rings, GateBook gates, PlanStore plans, ClinicalClock clock) : Grain, IRolloutGrain
{
    /// <summary>Calls to a ring for one look; each folds a bounded part of the log.</summary>
    private const int CountsMax = 200;

    public const string Kind = "rollout";
    public const string RingKind = "ring";

    private string Model => ControlKey.NameOf(Kind, this.GetPrimaryKeyString());

    private Rollout Current => state.State.Model.Length > 0 ? state.State : new Rollout { Model = Model };

    /// <summary>A crash between the state and the plan leaves the plan behind: it is brought up here, before anything else.</summary>
    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        if (Current.Revision > 0) await plans.Change(plan => plan.Place(Current), cancellationToken);
    }

    public Task<Rollout> Show() => Task.FromResult(Current);

    public async Task<Rollout> Record(RolloutEvent happened)
    {
        var before = state.State;
        var after = Current.After(happened, rings.Of(Model), clock.Now);    // Core decides; it throws if not allowed.
        if (after.Revision != Current.Revision)
        {
            state.State = after;
            try { await state.WriteStateAsync(); }
            catch { state.State = before; DeactivateOnIdle(); throw; }      // The write may have landed: reload to know.
        }
        await plans.Change(plan => plan.Place(after), CancellationToken.None);
        return after;
    }

    public async Task<GateLook> Look(TimeSpan horizon)
    {
        var open = Current.Open ?? throw new RolloutRefused("no-plan", $"{Model} has no open plan; propose one first.");
        var exposure = Exposure.None;
        if (Current.Find(open.Version) is { } placed)
        {
            var ring = GrainFactory.GetGrain<IRingGrain>(ControlKey.Of(RingKind, $"{Model}/{placed.Stage.ToString().ToLowerInvariant()}"));
            var question = new RingQuestion(open.Version, placed.Since, horizon);
            var reading = await ring.Count(question);
            for (var i = 1; i < CountsMax && !reading.IsWhole; i++) reading = await ring.Count(question);
            exposure = reading.Exposure;
        }
        var aimed = new Placement { Version = open.Version, PackageDigest = open.PackageDigest, Stage = open.Target, Units = open.Units, Since = clock.Now, Approval = "" };
        return new GateLook(exposure, await gates.Evidence(rings.Of(Model).Of(open.Target), aimed, CancellationToken.None));
    }
}
