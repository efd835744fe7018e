using System.Collections.Immutable;
using HealthMLOps.Access;
using HealthMLOps.Models;

namespace HealthMLOps.Rings;

/// <summary>What every silo serves by: all models' placements and all standing halts, under one epoch. Each silo holds a leased copy.</summary>
/// <remarks>A halt wins over every placement, and only <see cref="Restart"/> by a second person in another role takes one away.</remarks>
[GenerateSerializer, Immutable, Alias("published-plan")]
public sealed record PublishedPlan
{
    /// <summary>Halts that may stand at once; a further one becomes global, so that nothing is left running for want of room.</summary>
    public const int HaltsMax = 100;

    /// <summary>Halts that stand no more, or that another of the same scope stands for: remembered, so that a silo that latched one lets it go.</summary>
    public const int LiftedMax = 1_000;

    public static readonly PublishedPlan Empty = new();

    [Id(0)] public long Epoch { get; init; }
    [Id(1)] public ImmutableArray<ModelPlan> Models { get; init; } = [];
    [Id(2)] public ImmutableArray<HaltOrder> Halts { get; init; } = [];
    [Id(3)] public ImmutableArray<string> Lifted { get; init; } = [];

    /// <summary>When a former release restarted last. It judged predictions by this time; a plan of it is read as if that restart had begun its epoch.</summary>
    [Id(4)] public DateTimeOffset? RestartedAt { get; init; }

    /// <summary>The epoch that began with the last restart; 0 = none. A prediction of an earlier epoch is not shown again, whatever the clocks of its silo said.</summary>
    [Id(5)] public long RestartedEpoch { get; init; }

    public ModelPlan? Of(string model) => Models.FirstOrDefault(m => m.Model == model);

    /// <summary>Takes over a rollout's placements; a repeat, or an older revision, changes nothing.</summary>
    public PublishedPlan Place(Rollout rollout)
    {
        if (Of(rollout.Model) is { } known && known.Revision >= rollout.Revision) return this;
        var pinned = rollout.Past.IsEmpty ? [] : rollout.Past[^1].Placements;
        var placed = new ModelPlan(rollout.Model, rollout.Revision, rollout.Placements, pinned);
        return this with { Epoch = Epoch + 1, Models = [.. Models.Where(m => m.Model != rollout.Model), placed] };
    }

    /// <summary>Stops. The same order again, or one of a scope that stands, changes nothing but voids a half restart.</summary>
    public PublishedPlan Halt(HaltOrder order)
    {
        if (Lifted.Contains(order.Id)) return this;
        if (Halts.Any(h => h.Id == order.Id)) return this;
        // A drill without a place has nothing to stop: who latched it lets it go.
        if (Halts.Length >= HaltsMax && order.Scope.Kind == HaltKind.Drill) return this with { Epoch = Epoch + 1, Lifted = Remembered(order.Id) };
        if (Halts.Length >= HaltsMax) order = order with { Scope = HaltScope.Everything };
        if (Halts.FirstOrDefault(h => h.Scope == order.Scope) is { } standing)
            return this with { Epoch = Epoch + 1, Halts = Halts.Replace(standing, standing with { Ask = null }), Lifted = Remembered(order.Id) };
        return this with { Epoch = Epoch + 1, Halts = Halts.Add(order) };
    }

    /// <summary>The first of two: confirms the whole checklist.</summary>
    /// <exception cref="RolloutRefused">No such halt, or the checklist is not closed.</exception>
    public PublishedPlan AskRestart(string haltId, string by, ImmutableArray<Role> roles, DateTimeOffset at, ImmutableArray<string> confirmed, ImmutableArray<string> checklist)
    {
        var halt = Standing(haltId);
        var open = checklist.Where(item => !confirmed.Contains(item)).ToList();
        if (open.Count > 0) throw new RolloutRefused("checklist", $"The checklist is not closed; open: {string.Join(", ", open)}.");
        if (halt.Ask is { } asked && asked.By == by && !asked.Roles.IsDefaultOrEmpty) return this;
        return this with { Epoch = Epoch + 1, Halts = Halts.Replace(halt, halt with { Ask = new RestartAsk(by, at, checklist, [.. roles.Select(role => role.ToString())]) }) };
    }

    /// <summary>The second of two lifts the halt.</summary>
    /// <param name="haltId">Which.</param>
    /// <param name="by">The second person.</param>
    /// <param name="roles">The second person's roles.</param>
    /// <param name="at">When.</param>
    /// <param name="askValid">How long the first person's word holds.</param>
    /// <exception cref="RolloutRefused">Nobody has asked, too long ago, or it is the same person or nobody of another role.</exception>
    public PublishedPlan Restart(string haltId, string by, ImmutableArray<Role> roles, DateTimeOffset at, TimeSpan askValid)
    {
        if (Lifted.Contains(haltId)) return this;
        var halt = Standing(haltId);
        var ask = halt.Ask ?? throw new RolloutRefused("two-persons", $"Nobody has asked to restart {halt.Scope} yet: one person asks with the checklist, another confirms.");
        if (ask.By == by) throw new RolloutRefused("two-persons", $"'{by}' asked for this restart; another person must confirm it.");
        if (!FourEyes.IsAnotherRole(RolesOf(ask), roles, Permission.Restart))
            throw new RolloutRefused("other-role", $"'{ask.By}' asked for this restart; a person who restarts in another role must confirm it.");
        if (at - ask.At >= askValid) throw new RolloutRefused("restart-expired", $"The restart was asked for {(at - ask.At).TotalHours:F0} h ago; at most {askValid.TotalHours:F0} h are allowed. Ask again.");
        return Lift(halt) with { RestartedEpoch = Epoch + 1 };
    }

    /// <summary>Ends a drill, which stopped nothing.</summary>
    public PublishedPlan EndDrill(string id) => Halts.FirstOrDefault(h => h.Id == id && h.Scope.Kind == HaltKind.Drill) is { } drill ? Lift(drill) : this;

    /// <summary>The halt that an answer falls under, or null.</summary>
    public HaltOrder? HaltOn(ModelVersion version, string? unit, string site, string channel) =>
        Halts.FirstOrDefault(h => h.Scope.Covers(version, unit, site, channel));

    private PublishedPlan Lift(HaltOrder halt) => this with { Epoch = Epoch + 1, Halts = Halts.Remove(halt), Lifted = Remembered(halt.Id) };

    /// <summary>A role that this release does not know gives nothing.</summary>
    private static ImmutableArray<Role> RolesOf(RestartAsk ask) =>
        ask.Roles.IsDefaultOrEmpty ? [] : [.. ask.Roles.Where(name => Enum.TryParse<Role>(name, out _)).Select(name => Enum.Parse<Role>(name))];

    private ImmutableArray<string> Remembered(string id)
    {
        var lifted = Lifted.Add(id);
        return lifted.Length > LiftedMax ? lifted.RemoveAt(0) : lifted;
    }

    private HaltOrder Standing(string id) =>
        Halts.FirstOrDefault(h => h.Id == id) ?? throw new RolloutRefused("unknown-halt", $"No halt '{id}' stands; standing: {(Halts.IsEmpty ? "none" : string.Join(", ", Halts.Select(h => h.Id)))}.");
}

/// <summary>One model's part of the plan.</summary>
/// <param name="Model">Its name.</param>
/// <param name="Revision">The rollout's revision that this is of.</param>
/// <param name="Placements">Who scores, and for whom it is shown.</param>
/// <param name="Pinned">Where a rollback goes: these versions are kept warm.</param>
[GenerateSerializer, Immutable, Alias("model-plan")]
public sealed record ModelPlan(
    [property: Id(0)] string Model, [property: Id(1)] long Revision, [property: Id(2)] ImmutableArray<Placement> Placements, [property: Id(3)] ImmutableArray<Placement> Pinned)
{
    /// <summary>The version that is shown for a patient in this unit: its canary, else production; null = none.</summary>
    public Placement? ShownIn(string? unit) =>
        Placements.FirstOrDefault(p => p.Stage == RingStage.Canary && p.IsShownIn(unit)) ?? Placements.FirstOrDefault(p => p.Stage == RingStage.Production && p.IsShownIn(unit));
}
