using System.Collections.Immutable;
using System.Globalization;
using HealthMLOps.Clinical;

namespace HealthMLOps.Rings;

/// <summary>The rules of the rings for some models: a file of <c>config/rings</c>.</summary>
public sealed record RingPolicy
{
    /// <summary>Canary is never shorter than this outside a demo (GOVERNANCE 5.2).</summary>
    public const double DwellDaysMin = 14;

    public required string Name { get; init; }

    /// <summary>The models that it is for; empty = every model that no other policy names.</summary>
    public ImmutableArray<string> Models { get; init; } = [];

    public required ImmutableArray<RingRule> Rings { get; init; }

    /// <summary>A signature counts for so long (GOVERNANCE SEC-3).</summary>
    public double ApprovalHours { get; init; } = 72;

    /// <summary>What must be confirmed, item by item, before a halted service starts again.</summary>
    public required ImmutableArray<string> RestartChecklist { get; init; }

    /// <summary>What the ward falls back to while a model is halted.</summary>
    public string Fallback { get; init; } = "NEWS2";

    public RingRule Of(RingStage ring) => Rings.Single(r => r.Ring == ring);

    /// <summary>Digest of everything that decides; a changed policy voids open approvals.</summary>
    public string Digest() => Proposal.Sha256(string.Join('\n', Rings.Select(Line).Prepend(string.Create(CultureInfo.InvariantCulture, $"{Name} {ApprovalHours}"))));

    /// <summary>Refuses a policy that can't be followed or that is too lax.</summary>
    /// <param name="isDemo">A demo's clock runs fast, and its patients are simulated: short dwells are allowed.</param>
    /// <exception cref="InvalidConfiguration">Says which ring and what is allowed.</exception>
    public void Check(bool isDemo)
    {
        foreach (var stage in (RingStage[])[RingStage.Shadow, RingStage.Canary, RingStage.Production])
            if (Rings.Count(r => r.Ring == stage) != 1) throw Bad($"has ring '{Kebab(stage)}' {Rings.Count(r => r.Ring == stage)} times; each of shadow, canary and production is there once");
        foreach (var ring in Rings)
        {
            if (ring.Ring != RingStage.Production && !isDemo && ring.Dwell.Days < DwellDaysMin)
                throw Bad(string.Create(CultureInfo.InvariantCulture, $"lets a version leave ring '{Kebab(ring.Ring)}' after {ring.Dwell.Days} days; at least {DwellDaysMin} are needed outside a demo"));
            if (ring.Ring != RingStage.Shadow && ring.Signatures.IsEmpty) throw Bad($"lets a version into ring '{Kebab(ring.Ring)}' without a signature; at least one role must sign");
            if (ring.Ring != RingStage.Shadow && ring.Gates.IsEmpty) throw Bad($"lets a version into ring '{Kebab(ring.Ring)}' without a gate; at least one criterion is needed");
            foreach (var gate in ring.Gates)
                if (gate.AtLeast is null && gate.AtMost is null) throw Bad($"names criterion '{gate.Criterion}' in ring '{Kebab(ring.Ring)}' without a bound; 'atLeast' or 'atMost' is needed");
        }
    }

    private InvalidConfiguration Bad(string what) => new($"Ring policy '{Name}' {what}.");

    private static string Kebab(RingStage stage) => stage.ToString().ToLowerInvariant();

    private static string Line(RingRule r) => string.Create(CultureInfo.InvariantCulture,
        $"{r.Ring} [{string.Join(',', r.Units)}] {r.UnitsMax} {r.Dwell.Days} {r.Dwell.Events} {r.Dwell.MaturedLabels} [{string.Join(';', r.Gates.Select(g => $"{g.Criterion} {g.Bound()}"))}] [{string.Join(',', r.Signatures)}]");
}
