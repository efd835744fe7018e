using HealthMLOps.Clinical;
using HealthMLOps.Rings;

namespace HealthMLOps.Tests.Unit.Rings;

public sealed class RolloutTests
{
    [Fact]
    public void A_proposer_can_not_approve_their_own_plan()
    {
        var rollout = ARollout.In(RingStage.Shadow, ARollout.V1);
        rollout.Do(rollout.Propose(ARollout.V1, RingStage.Canary, "ward-a"));
        Assert.Equal("four-eyes", Refusal(() => rollout.Do(rollout.Approve("anna", "clinician-reviewer"))));
    }

    [Fact]
    public void Two_roles_need_two_persons()
    {
        var rollout = ARollout.In(RingStage.Canary, ARollout.V1);
        rollout.Do(rollout.Propose(ARollout.V1, RingStage.Production)).Do(rollout.Approve("bea", "clinician-reviewer")).Do(rollout.Approve("bea", "compliance"));
        Assert.Equal("signatures", Refusal(() => rollout.Do(rollout.Advance(ARollout.Good))));
        rollout.Do(rollout.Approve("carl", "compliance")).Do(rollout.Advance(ARollout.Good));
        Assert.Equal(RingStage.Production, rollout.State.Find(ARollout.V1)!.Stage);
    }

    [Fact]
    public void An_approval_ends_after_72_hours()
    {
        var rollout = ARollout.In(RingStage.Shadow, ARollout.V1);
        rollout.Do(rollout.Propose(ARollout.V1, RingStage.Canary, "ward-a")).Do(rollout.Approve("bea", "clinician-reviewer")).Wait(3);
        Assert.Equal("signatures", Refusal(() => rollout.Do(rollout.Advance(ARollout.Good))));
    }

    [Fact]
    public void A_signature_over_other_bytes_is_refused()
    {
        var rollout = ARollout.In(RingStage.Shadow, ARollout.V1);
        rollout.Do(rollout.Propose(ARollout.V1, RingStage.Canary, "ward-a"));
        var signedBefore = rollout.State.Open!.Digest();
        rollout.Do(rollout.Propose(ARollout.V1, RingStage.Canary, "ward-b"));
        Assert.Equal("digest", Refusal(() => rollout.Do(rollout.Approve("bea", "clinician-reviewer", signedBefore))));
    }

    [Fact]
    public void A_change_of_the_rings_after_the_approval_voids_it()
    {
        var rollout = ARollout.In(RingStage.Shadow, ARollout.V1);
        rollout.Do(rollout.Propose(ARollout.V2, RingStage.Shadow)).Do(rollout.Advance(ARollout.Good));
        rollout.Do(rollout.Propose(ARollout.V1, RingStage.Canary, "ward-a")).Do(rollout.Approve("bea", "clinician-reviewer"));
        var approved = rollout.State.Open;
        rollout.Do(new RolloutEvent.Demoted(ARollout.NewCommand(), ARollout.V2, RingStage.Retired, "anna", "worse"));
        rollout.State = rollout.State with { Open = approved };
        Assert.Equal("plan-changed", Refusal(() => rollout.Do(rollout.Advance(ARollout.Good))));
    }

    [Fact]
    public void A_change_of_the_policy_after_the_approval_voids_it()
    {
        var rollout = ARollout.In(RingStage.Shadow, ARollout.V1);
        rollout.Do(rollout.Propose(ARollout.V1, RingStage.Canary, "ward-a")).Do(rollout.Approve("bea", "clinician-reviewer"));
        var laxer = ARollout.Policy with { Rings = [.. ARollout.Policy.Rings.Select(r => r with { Gates = [] })] };
        Assert.Equal("plan-changed", Refusal(() => rollout.State.After(rollout.Advance(ARollout.Good), laxer, rollout.Now)));
    }

    [Theory]
    [InlineData(27.9, 1_000)]
    [InlineData(30, 99)]
    public void Dwell_is_days_and_events(double days, long events)
    {
        var rollout = new ARollout();
        rollout.Do(rollout.Propose(ARollout.V1, RingStage.Shadow)).Do(rollout.Advance(ARollout.Good)).Wait(days);
        rollout.Do(rollout.Propose(ARollout.V1, RingStage.Canary, "ward-a")).Do(rollout.Approve("bea", "clinician-reviewer"));
        Assert.Equal("dwell", Refusal(() => rollout.Do(rollout.Advance(ARollout.Good, events))));
    }

    [Fact]
    public void What_is_not_measured_or_is_unsure_blocks()
    {
        var rollout = ARollout.In(RingStage.Shadow, ARollout.V1);
        rollout.Do(rollout.Propose(ARollout.V1, RingStage.Canary, "ward-a")).Do(rollout.Approve("bea", "clinician-reviewer"));
        Assert.Equal("gate", Refusal(() => rollout.Do(rollout.Advance([]))));
        // The evidence claims a verdict that its own interval does not bear.
        Assert.Equal("gate", Refusal(() => rollout.Do(rollout.Advance(ARollout.Unsure))));
    }

    [Fact]
    public void No_ring_can_be_skipped()
    {
        var rollout = new ARollout();
        Assert.Equal("way", Refusal(() => rollout.Do(rollout.Propose(ARollout.V1, RingStage.Canary, "ward-a"))));
        Assert.Equal("way", Refusal(() => ARollout.In(RingStage.Shadow, ARollout.V1).Do(rollout.Propose(ARollout.V1, RingStage.Production))));
    }

    [Fact]
    public void A_rollback_restores_the_former_champion_and_keeps_new_shadows()
    {
        var rollout = ARollout.In(RingStage.Production, ARollout.V1);
        var champion = rollout.State.Find(ARollout.V1)!;
        rollout.To(RingStage.Production, ARollout.V2);
        Assert.Null(rollout.State.Find(ARollout.V1));
        rollout.Do(new RolloutEvent.RolledBack(ARollout.NewCommand(), "anna", "alerts doubled"));
        Assert.Equal(champion.Canonical(), rollout.State.Find(ARollout.V1)!.Canonical());
        Assert.Equal(RingStage.Canary, rollout.State.Find(ARollout.V2)!.Stage);
    }

    [Fact]
    public void A_rollback_does_not_bring_back_what_was_demoted()
    {
        var rollout = ARollout.In(RingStage.Production, ARollout.V1).To(RingStage.Canary, ARollout.V2);
        rollout.Do(new RolloutEvent.Demoted(ARollout.NewCommand(), ARollout.V1, RingStage.Shadow, "monitor", "calibration"));
        rollout.Do(new RolloutEvent.RolledBack(ARollout.NewCommand(), "anna", "again"));
        Assert.Equal(RingStage.Shadow, rollout.State.Find(ARollout.V1)!.Stage);
    }

    [Fact]
    public void Two_canaries_can_not_share_a_unit()
    {
        var rollout = ARollout.In(RingStage.Canary, ARollout.V1).To(RingStage.Shadow, ARollout.V2);
        Assert.Equal("units", Refusal(() => rollout.Do(rollout.Propose(ARollout.V2, RingStage.Canary, "ward-a"))));
    }

    [Fact]
    public void A_policy_with_a_short_dwell_is_refused_outside_a_demo()
    {
        var hasty = ARollout.Policy with { Rings = [.. ARollout.Policy.Rings.Select(r => r.Ring == RingStage.Canary ? r with { Dwell = new Dwell(13, 1, 1) } : r)] };
        Assert.Contains("at least 14", Assert.Throws<InvalidConfiguration>(() => hasty.Check(isDemo: false)).Message, StringComparison.Ordinal);
        hasty.Check(isDemo: true);
        ARollout.Policy.Check(isDemo: false);
    }

    [Theory]
    [InlineData(0.71, 0.9, GateVerdict.Within)]
    [InlineData(0.69, 0.9, GateVerdict.Inconclusive)]
    [InlineData(0.5, 0.69, GateVerdict.Breach)]
    [InlineData(double.NaN, 0.9, GateVerdict.Inconclusive)]
    public void A_verdict_is_of_the_whole_interval(double low, double high, GateVerdict expected) =>
        Assert.Equal(expected, new GateCriterion("x", 0.7, null).Judge(new GateMeasurement(0.8, low, high, 10, "test")).Verdict);

    private static string Refusal(Action act) => Assert.Throws<RolloutRefused>(act).Code;
}
