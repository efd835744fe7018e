using System.Collections.Immutable;
using System.Diagnostics;
using HealthMLOps.Models;

namespace HealthMLOps.Rings;

/// <summary>One model's way through its rings: shadow, canary, production, retired; several versions at once.</summary>
/// <remarks>
/// Invariant: a version stands in canary or production only by a plan whose exact digest the required roles had signed,
/// after its dwell and gates. What an advance replaced is pinned, so that one step restores it.
/// Halts are not here: they are in the <see cref="PublishedPlan"/> and win over every placement.
/// </remarks>
[GenerateSerializer, Immutable, Alias("rollout")]
public sealed record Rollout
{
    /// <summary>Former plans that a rollback can go back to, step by step.</summary>
    public const int PastMax = 8;

    /// <summary>Commands whose repeat is recognised.</summary>
    public const int CommandsMax = 32;

    [Id(0)] public string Model { get; init; } = "";

    /// <summary>Grows by one with each event.</summary>
    [Id(1)] public long Revision { get; init; }
    [Id(2)] public ImmutableArray<Placement> Placements { get; init; } = [];
    [Id(3)] public Proposal? Open { get; init; }

    /// <summary>Placements before each advance, newest last.</summary>
    [Id(4)] public ImmutableArray<FormerPlan> Past { get; init; } = [];
    [Id(5)] public ImmutableArray<ModelVersion> Retired { get; init; } = [];
    [Id(6)] public ImmutableArray<string> Commands { get; init; } = [];

    public Placement? Find(ModelVersion version) => Placements.FirstOrDefault(p => p.Version == version);

    /// <summary>Digest of all placements and retirements: a plan is proposed on top of exactly these.</summary>
    public string Base() => Proposal.Sha256(string.Join('\n', Placements.Select(p => p.Canonical()).Order(StringComparer.Ordinal)
        .Concat(Retired.Select(v => $"retired {v}").Order(StringComparer.Ordinal))));

    /// <summary>The rollout after something happened. A command that has been carried out already changes nothing.</summary>
    /// <exception cref="RolloutRefused">It is not allowed; nothing changes.</exception>
    public Rollout After(RolloutEvent happened, RingPolicy policy, DateTimeOffset now)
    {
        if (Commands.Contains(happened.Command)) return this;
        var after = happened switch
        {
            RolloutEvent.Proposed proposed => Propose(proposed, policy, now),
            RolloutEvent.Approved approved => Approve(approved, policy, now),
            RolloutEvent.Advanced advanced => Advance(advanced, policy, now),
            RolloutEvent.RolledBack => RollBack(),
            RolloutEvent.Demoted demoted => Demote(demoted, now),
            _ => throw new UnreachableException(),
        };
        return after with { Revision = Revision + 1, Commands = Last(Commands.Add(happened.Command), CommandsMax) };
    }

    private Rollout Propose(RolloutEvent.Proposed asked, RingPolicy policy, DateTimeOffset now)
    {
        if (asked.Version.Model != Model) throw new RolloutRefused("model", $"{asked.Version} is not a version of {Model}.");
        if (Retired.Contains(asked.Version)) throw new RolloutRefused("retired", $"{asked.Version} is retired; only a new version can be rolled out.");
        var proposal = new Proposal
        {
            Id = asked.Command,
            Version = asked.Version,
            PackageDigest = asked.PackageDigest,
            Target = asked.Target,
            Units = [.. asked.Units.Distinct().Order(StringComparer.Ordinal)],
            By = asked.By,
            At = now,
            Policy = policy.Digest(),
            Base = Base(),
        };
        PlanRules.CheckWay(this, proposal, policy);
        return this with { Open = proposal };
    }

    private Rollout Approve(RolloutEvent.Approved asked, RingPolicy policy, DateTimeOffset now)
    {
        var open = Open ?? throw NoPlan();
        var signature = asked.Signature;
        PlanRules.CheckUnchanged(this, open, policy);
        if (signature.Digest != open.Digest()) throw new RolloutRefused("digest", $"The signature is over {signature.Digest}; the open plan of {Model} has the digest {open.Digest()}.");
        if (signature.Person == open.By) throw new RolloutRefused("four-eyes", $"'{open.By}' proposed this plan and can't approve it: another person must.");
        if (signature.At > now) throw new RolloutRefused("signature-time", "The signature is dated ahead of this silo's clock.");
        return this with { Open = open with { Approvals = [.. open.Approvals.Where(a => a.Id != signature.Id), signature] } };
    }

    private Rollout Advance(RolloutEvent.Advanced asked, RingPolicy policy, DateTimeOffset now)
    {
        var open = Open ?? throw NoPlan();
        if (open.Id != asked.Proposal) throw new RolloutRefused("plan", $"Plan '{asked.Proposal}' is not the open plan of {Model}; that is '{open.Id}'.");
        PlanRules.CheckUnchanged(this, open, policy);
        PlanRules.CheckWay(this, open, policy);
        PlanRules.CheckSignatures(open, policy, now);
        PlanRules.CheckDwell(this, open, policy, asked.Exposure, now);
        PlanRules.CheckGates(open, policy, asked.Evidence);
        var placed = new Placement
        {
            Version = open.Version, PackageDigest = open.PackageDigest, Stage = open.Target, Units = open.Units, Since = now, Approval = open.Digest(),
        };
        var kept = Placements.Where(p => p.Version != open.Version && !(open.Target == RingStage.Production && p.Stage == RingStage.Production));
        return this with
        {
            Placements = [.. kept, placed],
            // A shadow changes nothing at the bedside: a rollback goes back over what clinicians saw.
            Past = open.Target == RingStage.Shadow ? Past : Last(Past.Add(new FormerPlan(Placements, open.Id)), PastMax),
            Open = null,
        };
    }

    /// <summary>The former plan, without what has been retired or demoted since; challengers that came into shadow meanwhile stay there.</summary>
    private Rollout RollBack()
    {
        if (Past.IsEmpty) throw new RolloutRefused("no-former-plan", $"{Model} has no former plan to go back to.");
        var former = Past[^1].Placements;
        var newShadows = Placements.Where(p => p.Stage == RingStage.Shadow && former.All(f => f.Version != p.Version));
        return this with { Placements = [.. former, .. newShadows], Past = Past.RemoveAt(Past.Length - 1), Open = null };
    }

    private Rollout Demote(RolloutEvent.Demoted asked, DateTimeOffset now)
    {
        var placed = Find(asked.Version) ?? throw new RolloutRefused("not-placed", $"{asked.Version} stands in no ring.");
        if (asked.To is not (RingStage.Shadow or RingStage.Retired)) throw new RolloutRefused("demotion", $"A version is demoted to shadow or retired; got {asked.To}.");
        if (asked.To == placed.Stage) throw new RolloutRefused("demotion", $"{asked.Version} is in {placed.Stage} already.");
        var lowered = Lowered(Placements, asked, now);
        return this with
        {
            Placements = lowered,
            // What was taken from the bedside for a reason does not come back with a rollback.
            Past = [.. Past.Select(p => p with { Placements = Lowered(p.Placements, asked, now) })],
            Retired = asked.To == RingStage.Retired ? Retired.Add(asked.Version) : Retired,
            Open = null,
        };
    }

    private static ImmutableArray<Placement> Lowered(ImmutableArray<Placement> placements, RolloutEvent.Demoted asked, DateTimeOffset now) =>
        asked.To == RingStage.Retired
            ? [.. placements.Where(p => p.Version != asked.Version)]
            : [.. placements.Select(p => p.Version == asked.Version && p.Stage != RingStage.Shadow ? p with { Stage = RingStage.Shadow, Units = [], Since = now } : p)];

    private RolloutRefused NoPlan() => new("no-plan", $"{Model} has no open plan; propose one first.");

    private static ImmutableArray<T> Last<T>(ImmutableArray<T> items, int count) => items.Length <= count ? items : items.RemoveRange(0, items.Length - count);
}

/// <summary>The placements before an advance.</summary>
/// <param name="Placements">All of them.</param>
/// <param name="Before">The plan that replaced them.</param>
[GenerateSerializer, Immutable, Alias("former-plan")]
public sealed record FormerPlan([property: Id(0)] ImmutableArray<Placement> Placements, [property: Id(1)] string Before);
