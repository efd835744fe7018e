using System.Collections.Immutable;
using System.Globalization;
using HealthMLOps.Signatures;

namespace HealthMLOps.Rings;

/// <summary>What a plan must satisfy before it is carried out.</summary>
internal static class PlanRules
{
    /// <summary>One ring at a time, in units that the policy allows and that no other canary has.</summary>
    public static void CheckWay(Rollout rollout, Proposal plan, RingPolicy policy)
    {
        var from = rollout.Find(plan.Version);
        var expected = plan.Target switch
        {
            RingStage.Shadow => from is null,
            RingStage.Canary => from is { Stage: RingStage.Shadow or RingStage.Canary },
            RingStage.Production => from is { Stage: RingStage.Canary or RingStage.Production },
            _ => false,
        };
        if (!expected) throw new RolloutRefused("way", $"{plan.Version} stands in {(from is null ? "no ring" : Word(from.Stage))} and can't go to {Word(plan.Target)}: the way is shadow, canary, production.");
        if (from is not null && from.PackageDigest != plan.PackageDigest)
            throw new RolloutRefused("package", $"{plan.Version} was placed with package {from.PackageDigest}; the plan names {plan.PackageDigest}.");
        CheckUnits(rollout, plan, policy.Of(plan.Target));
    }

    /// <summary>A plan holds only on top of the placements and the policy that it was made for.</summary>
    public static void CheckUnchanged(Rollout rollout, Proposal plan, RingPolicy policy)
    {
        if (plan.Base != rollout.Base() || plan.Policy != policy.Digest())
            throw new RolloutRefused("plan-changed", $"The rings or the policy of {rollout.Model} have changed since plan '{plan.Id}' was proposed; propose it anew.");
    }

    /// <summary>Each required role by a person of its own, none of them the proposer, none expired.</summary>
    public static void CheckSignatures(Proposal plan, RingPolicy policy, DateTimeOffset now)
    {
        var digest = plan.Digest();
        var valid = plan.Approvals.Where(a => a.Digest == digest && a.Person != plan.By && a.At <= now && now - a.At < TimeSpan.FromHours(policy.ApprovalHours)).ToList();
        var needed = policy.Of(plan.Target).Signatures;
        if (CanCover(needed, valid, [])) return;
        throw new RolloutRefused("signatures", string.Create(CultureInfo.InvariantCulture,
            $"Plan '{plan.Id}' needs signatures by {string.Join(", ", needed)}, each by another person than the proposer and the others and at most {policy.ApprovalHours} h old; it has {(valid.Count == 0 ? "none" : string.Join(", ", valid.Select(v => v.Role)))}."));
    }

    public static void CheckDwell(Rollout rollout, Proposal plan, RingPolicy policy, Exposure exposure, DateTimeOffset now)
    {
        if (rollout.Find(plan.Version) is not { } placed || placed.Stage == plan.Target) return;
        var dwell = policy.Of(placed.Stage).Dwell;
        var days = (now - placed.Since).TotalDays;
        if (days >= dwell.Days && exposure.Events >= dwell.Events && exposure.MaturedLabels >= dwell.MaturedLabels) return;
        throw new RolloutRefused("dwell", string.Create(CultureInfo.InvariantCulture,
            $"{plan.Version} can't leave {Word(placed.Stage)}: {days:F1} days, {exposure.Events} events and {exposure.MaturedLabels} matured labels; {dwell.Days} days, {dwell.Events} events and {dwell.MaturedLabels} matured labels are needed."));
    }

    /// <summary>Every criterion of the target ring is there and within.</summary>
    public static void CheckGates(Proposal plan, RingPolicy policy, ImmutableArray<GateEvidence> evidence)
    {
        foreach (var gate in policy.Of(plan.Target).Gates)
        {
            var given = evidence.LastOrDefault(e => e.Criterion == gate.Criterion);
            // Judged here again: a verdict that came with the evidence decides nothing.
            var judged = gate.Judge(given?.Measured);
            if (judged.Verdict == GateVerdict.Within) continue;
            throw new RolloutRefused("gate", judged.Measured is { } m
                ? string.Create(CultureInfo.InvariantCulture, $"{plan.Version} can't enter {Word(plan.Target)}: {gate.Criterion} is {m.Value:G4} (95 % {m.Low:G4} to {m.High:G4}, n = {m.N}); {gate.Bound()} is needed: {Word(judged.Verdict)}.")
                : $"{plan.Version} can't enter {Word(plan.Target)}: {gate.Criterion} has not been measured, which is inconclusive; {gate.Bound()} is needed.");
        }
    }

    private static void CheckUnits(Rollout rollout, Proposal plan, RingRule rule)
    {
        if (plan.Target == RingStage.Shadow && !plan.Units.IsEmpty) throw new RolloutRefused("units", "A shadow scores every patient and names no units.");
        if (plan.Target == RingStage.Canary && plan.Units.IsEmpty) throw new RolloutRefused("units", "A canary names the units whose patients it is shown for; none were named.");
        if (!rule.Units.IsEmpty && plan.Units.FirstOrDefault(u => !rule.Units.Contains(u)) is { } foreign)
            throw new RolloutRefused("units", $"Unit '{foreign}' is not in ring {Word(plan.Target)}; allowed: {string.Join(", ", rule.Units)}.");
        if (plan.Units.Length > rule.UnitsMax)
            throw new RolloutRefused("units", $"The plan names {plan.Units.Length} units; ring {Word(plan.Target)} takes at most {rule.UnitsMax}.");
        if (plan.Target != RingStage.Canary) return;
        var taken = rollout.Placements.FirstOrDefault(p => p.Stage == RingStage.Canary && p.Version != plan.Version && p.Units.Intersect(plan.Units).Any());
        if (taken is not null) throw new RolloutRefused("units", $"{taken.Version} is the canary of {string.Join(", ", taken.Units.Intersect(plan.Units))} already.");
    }

    /// <summary>Whether the roles can be given to signatures of distinct persons.</summary>
    private static bool CanCover(ImmutableArray<string> roles, List<Signature> signatures, ImmutableArray<string> persons) =>
        roles.IsEmpty || signatures.Any(s => s.Role == roles[0] && !persons.Contains(s.Person) && CanCover(roles.RemoveAt(0), signatures, persons.Add(s.Person)));

    private static string Word(Enum value) => value.ToString().ToLowerInvariant();
}
