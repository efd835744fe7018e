using HealthMLOps.Access;
using HealthMLOps.Models;
using HealthMLOps.Rings;

namespace HealthMLOps.Tests.Unit.Rings;

/// <summary>Every path of events that people and crashes can make: nothing unapproved is shown, a halt wins, a rollback restores.</summary>
public sealed class RolloutWalkTests
{
    private const int PathLength = 6;
    private const string Unit = "ward-a";

    public static TheoryData<string> Beginnings => ["empty", "shadow", "canary", "champion", "challenger"];

    [Theory, MemberData(nameof(Beginnings))]
    public void No_path_of_six_events_shows_an_unapproved_version(string beginning)
    {
        var walk = Walk.From(beginning);
        var visited = 0;
        Go(walk, PathLength);
        Assert.InRange(visited, 1_000, int.MaxValue);

        void Go(Walk at, int left)
        {
            at.MustHold();
            visited++;
            if (left == 0) return;
            foreach (var step in Walk.Steps)
                // What is refused changes nothing: the paths after it are the paths before it.
                if (at.Step(step) is { } next) Go(next, left - 1);
        }
    }

    [Fact]
    public void Long_paths_with_lost_writes_lost_answers_and_late_plans_keep_the_promises()
    {
        for (var seed = 1; seed <= 400; seed++)
        {
            var random = new Random(seed);
            var walk = Walk.From(Beginnings.ElementAt(seed % Beginnings.Count).Data);
            for (var i = 0; i < 60; i++)
            {
                var step = Walk.Steps[random.Next(Walk.Steps.Length)];
                walk = random.Next(4) switch
                {
                    0 => walk.Step(step, Crash.WriteLost) ?? walk,
                    1 => walk.Step(step, Crash.AnswerLost) ?? walk,
                    2 => walk.Step(step, Crash.PlanLate) ?? walk,
                    _ => walk.Step(step) ?? walk,
                };
                try { walk.MustHold(); }
                catch (Exception broken) { throw new InvalidOperationException($"Seed {seed}, step {i} ({step}): {broken.Message}", broken); }
            }
        }
    }

    public enum Crash { None, WriteLost, AnswerLost, PlanLate }

    /// <summary>One place on a path: the grain's state, the plan that silos have, and what a naive observer remembers.</summary>
    private sealed record Walk(Rollout State, PublishedPlan Plan, DateTimeOffset Now, ImmutableSigned Signed)
    {
        public static readonly string[] Steps =
        [
            "shadow 1", "canary 1", "production 1", "shadow 2", "canary 2", "production 2", "sign anna", "sign bea", "sign carl", "advance", "advance unsure",
            "rollback", "demote 1", "retire 1", "halt", "halt version 1", "ask anna", "restart anna", "restart bea", "wait 30 days", "wait 80 hours",
        ];

        public static Walk From(string beginning)
        {
            var rollout = beginning switch
            {
                "empty" => new ARollout(),
                "shadow" => ARollout.In(RingStage.Shadow, ARollout.V1),
                "canary" => ARollout.In(RingStage.Canary, ARollout.V1),
                "champion" => ARollout.In(RingStage.Production, ARollout.V1),
                _ => ARollout.In(RingStage.Production, ARollout.V1).To(RingStage.Canary, ARollout.V2),
            };
            var shown = rollout.State.Placements.Concat(rollout.State.Past.SelectMany(p => p.Placements)).Select(p => p.Approval);
            return new Walk(rollout.State, PublishedPlan.Empty.Place(rollout.State), rollout.Now, new ImmutableSigned([.. shown], []));
        }

        /// <summary>The next place; null where the step was refused.</summary>
        public Walk? Step(string step, Crash crash = Crash.None)
        {
            if (step.StartsWith("wait", StringComparison.Ordinal)) return this with { Now = Now + (step == "wait 80 hours" ? TimeSpan.FromHours(80) : TimeSpan.FromDays(30)) };
            try
            {
                if (Event(step) is not { } happened) return Switch(step);
                var after = State.After(happened, ARollout.Policy, Now);
                if (crash == Crash.WriteLost) after = State.After(happened, ARollout.Policy, Now);      // Forgotten, then asked for again.
                if (crash == Crash.AnswerLost)
                {
                    var again = after.After(happened, ARollout.Policy, Now);
                    Assert.Same(after, again);
                }
                if (happened is RolloutEvent.RolledBack) MustBeFormer(State, after);
                var plan = crash == Crash.PlanLate ? Plan : Plan.Place(after);
                return this with { State = after, Plan = plan, Signed = Remember(happened, after) };
            }
            catch (RolloutRefused) { return null; }
        }

        public void MustHold()
        {
            foreach (var placed in State.Placements.Concat(Plan.Models.SelectMany(m => m.Placements)).Where(p => p.Stage is RingStage.Canary or RingStage.Production))
                if (!Signed.Carried.Contains(placed.Approval)) throw new InvalidOperationException($"{placed.Canonical()} is shown without its signatures.");
            if (State.Placements.Count(p => p.Stage == RingStage.Production) > 1) throw new InvalidOperationException("Two champions.");
            if (State.Placements.Any(p => State.Retired.Contains(p.Version))) throw new InvalidOperationException("A retired version is placed.");
            foreach (var version in (ModelVersion[])[ARollout.V1, ARollout.V2])
            {
                var isHalted = Plan.Halts.Any(h => h.Scope.Kind == HaltKind.Global || h.Scope.Target == version.ToString());
                if (isHalted != (Plan.HaltOn(version, Unit, "general-hospital", "rest") is not null)) throw new InvalidOperationException("A halt does not win.");
            }
        }

        private RolloutEvent? Event(string step) => step.Split(' ') switch
        {
            ["shadow", var n] => Propose(n, RingStage.Shadow),
            ["canary", var n] => Propose(n, RingStage.Canary, Unit),
            ["production", var n] => Propose(n, RingStage.Production),
            ["sign", "bea"] => As().Approve("bea", "clinician-reviewer"),
            ["sign", "carl"] => As().Approve("carl", "compliance"),
            ["sign", "anna"] => As().Approve("anna", "clinician-reviewer"),
            ["advance"] => As().Advance(ARollout.Good),
            ["advance", "unsure"] => As().Advance(ARollout.Unsure),
            ["rollback"] => new RolloutEvent.RolledBack(ARollout.NewCommand(), "anna", ""),
            ["demote", _] => new RolloutEvent.Demoted(ARollout.NewCommand(), ARollout.V1, RingStage.Shadow, "anna", ""),
            ["retire", _] => new RolloutEvent.Demoted(ARollout.NewCommand(), ARollout.V1, RingStage.Retired, "anna", ""),
            _ => null,
        };

        private Walk? Switch(string step)
        {
            var halt = Plan.Halts.FirstOrDefault();
            var after = step.Split(' ') switch
            {
                ["halt"] => Plan.Halt(Order(HaltScope.Everything)),
                ["halt", "version", _] => Plan.Halt(Order(new HaltScope(HaltKind.Version, ARollout.V1.ToString()))),
                ["ask", var who] => Plan.AskRestart(halt?.Id ?? "", who, RolesOf(who), Now, ARollout.Policy.RestartChecklist, ARollout.Policy.RestartChecklist),
                ["restart", var who] => Plan.Restart(halt?.Id ?? "", who, RolesOf(who), Now, TimeSpan.FromHours(72)),
                _ => throw new InvalidOperationException(step),
            };
            if (step == "restart anna" && after.Halts.Length < Plan.Halts.Length) Assert.NotEqual("anna", halt!.Ask!.By);
            return after == Plan ? null : this with { Plan = after };
        }

        private static System.Collections.Immutable.ImmutableArray<Role> RolesOf(string who) => [who == "anna" ? Role.Operator : Role.ClinicianReviewer];

        private HaltOrder Order(HaltScope scope) => new() { Id = $"{scope} {Plan.Lifted.Length}", Scope = scope, By = "anna", At = Now, Reason = "test" };

        private RolloutEvent Propose(string number, RingStage target, params string[] units) =>
            As().Propose(number == "1" ? ARollout.V1 : ARollout.V2, target, units);

        private ARollout As() => new() { State = State, Now = Now };

        /// <summary>The naive observer: writes down who signed what when, and at an advance checks the signatures itself.</summary>
        private ImmutableSigned Remember(RolloutEvent happened, Rollout after)
        {
            if (happened is RolloutEvent.Approved { Signature: var s }) return Signed with { Signatures = [.. Signed.Signatures, (s.Digest, s.Person, s.Role, s.At)] };
            if (happened is not RolloutEvent.Advanced) return Signed;
            var plan = State.Open!;
            var people = Signed.Signatures.Where(x => x.Digest == plan.Digest() && x.Person != plan.By && Now - x.At < TimeSpan.FromHours(72)).ToList();
            var enough = plan.Target switch
            {
                RingStage.Shadow => true,
                RingStage.Canary => people.Any(p => p.Role == "clinician-reviewer"),
                _ => people.Any(p => p.Role == "clinician-reviewer" && people.Any(q => q.Role == "compliance" && q.Person != p.Person)),
            };
            Assert.True(enough, $"{after.Model} advanced to {plan.Target} without its signatures.");
            return Signed with { Carried = [.. Signed.Carried, plan.Digest()] };
        }

        private static void MustBeFormer(Rollout before, Rollout after)
        {
            var former = before.Past[^1].Placements.Select(p => p.Canonical()).ToHashSet();
            Assert.Superset(former, after.Placements.Select(p => p.Canonical()).ToHashSet());
            Assert.DoesNotContain(after.Placements, p => p.Stage != RingStage.Shadow && !former.Contains(p.Canonical()));
        }
    }

    private sealed record ImmutableSigned(HashSet<string> Carried, List<(string Digest, string Person, string Role, DateTimeOffset At)> Signatures);
}
