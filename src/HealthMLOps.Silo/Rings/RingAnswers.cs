using System.Globalization;
using System.Text.Json.Nodes;
using HealthMLOps.Privacy;
using HealthMLOps.Signatures;

namespace HealthMLOps.Rings;

/// <summary>Writes rings, plans and halts as JSON.</summary>
internal static class RingAnswers
{
    public static string Word(Enum value) => value.ToString().ToLowerInvariant();

    public static JsonObject Row(string model, Placement p, PublishedPlan plan, DateTimeOffset now) => new()
    {
        ["ring"] = $"{model}/{Word(p.Stage)}",
        ["version"] = p.Version.ToString(),
        ["units"] = p.Stage == RingStage.Production && p.Units.IsEmpty ? new JsonArray("every unit") : Texts(p.Units),
        ["since"] = p.Since,
        ["days"] = Math.Round((now - p.Since).TotalDays, 2),
        ["halted"] = Texts(plan.Halts.Where(h => h.Scope.Kind is HaltKind.Global || h.Scope.Target == model || h.Scope.Target == p.Version.ToString()).Select(h => h.Scope.ToString())),
        ["approval"] = p.Approval,
        ["packageDigest"] = p.PackageDigest,
    };

    public static JsonObject Whole(Rollout rollout, PublishedPlan plan, RingPolicy policy, SealedText words, DateTimeOffset now) => new()
    {
        ["model"] = rollout.Model,
        ["revision"] = rollout.Revision,
        ["epoch"] = plan.Epoch,
        ["policy"] = policy.Name,
        ["rings"] = new JsonArray([.. rollout.Placements.OrderBy(p => p.Stage).Select(p => (JsonNode)Row(rollout.Model, p, plan, now))]),
        ["plan"] = rollout.Open is { } open ? Plan(open, policy) : null,
        ["rollbackTo"] = rollout.Past.IsEmpty ? null : Texts(rollout.Past[^1].Placements.Select(p => $"{p.Version} {Word(p.Stage)}")),
        ["retired"] = Texts(rollout.Retired.Select(v => v.ToString())),
        ["halts"] = new JsonArray([.. plan.Halts.Select(h => (JsonNode)Halt(h, words))]),
    };

    public static JsonObject Plan(Proposal plan, RingPolicy policy) => new()
    {
        ["id"] = plan.Id,
        ["version"] = plan.Version.ToString(),
        ["ring"] = Word(plan.Target),
        ["units"] = Texts(plan.Units),
        ["proposedBy"] = plan.By,
        ["proposedAt"] = plan.At,
        ["digest"] = plan.Digest(),
        ["signs"] = plan.Canonical(),
        ["subject"] = plan.Subject,
        ["needs"] = Texts(policy.Of(plan.Target).Signatures),
        ["approvals"] = new JsonArray([.. plan.Approvals.Select(a => (JsonNode)Approval(a))]),
    };

    public static JsonObject Gates(Proposal plan, RingPolicy policy, GateLook look, Placement? from, DateTimeOffset now)
    {
        var dwell = from is null || from.Stage == plan.Target ? null : policy.Of(from.Stage).Dwell;
        return new JsonObject
        {
            ["dwell"] = dwell is null ? null : new JsonObject
            {
                ["ring"] = Word(from!.Stage),
                ["days"] = Math.Round((now - from.Since).TotalDays, 2), ["daysNeeded"] = dwell.Days,
                ["events"] = look.Exposure.Events, ["eventsNeeded"] = dwell.Events,
                ["maturedLabels"] = look.Exposure.MaturedLabels, ["maturedLabelsNeeded"] = dwell.MaturedLabels,
            },
            ["gates"] = new JsonArray([.. look.Evidence.Select(e => (JsonNode)Evidence(e))]),
        };
    }

    public static JsonObject Halt(HaltOrder halt, SealedText words) => new()
    {
        ["id"] = halt.Id,
        ["scope"] = halt.Scope.ToString(),
        ["by"] = halt.By,
        ["since"] = halt.At,
        ["reason"] = words.Open(halt.Reason, HaltLog.ReasonContext),
        ["restartAskedBy"] = halt.Ask?.By,
        ["restartAskedAt"] = halt.Ask?.At,
    };

    public static JsonObject Outcome(HaltOutcome outcome, string fallback) => new()
    {
        ["id"] = outcome.Order.Id,
        ["scope"] = outcome.Order.Scope.ToString(),
        ["outcome"] = outcome.Words,
        ["stopMs"] = Math.Round(outcome.StopMs, 3),
        ["epoch"] = outcome.Epoch,
        ["silosConfirmed"] = outcome.Confirmed.Length,
        ["silosExpired"] = Texts(outcome.Expired),
        ["silosUnconfirmed"] = Texts(outcome.Unconfirmed),
        ["fallback"] = fallback,
    };

    public static JsonArray Texts(IEnumerable<string> texts) => new([.. texts.Select(t => (JsonNode)t)]);

    private static JsonObject Approval(Signature a) => new()
    {
        ["signature"] = a.Id, ["person"] = a.Person, ["printedName"] = a.PrintedName, ["role"] = a.Role, ["at"] = a.At,
    };

    private static JsonObject Evidence(GateEvidence e) => new()
    {
        ["criterion"] = e.Criterion,
        ["verdict"] = Word(e.Verdict),
        ["value"] = e.Measured?.Value,
        ["interval"] = e.Measured is { } m ? string.Create(CultureInfo.InvariantCulture, $"{m.Low:G4} to {m.High:G4}") : null,
        ["n"] = e.Measured?.N,
        ["needed"] = e.Bound,
        ["source"] = e.Measured?.Source,
    };
}
