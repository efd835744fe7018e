using System.Collections.Immutable;

namespace HealthMLOps.Rings;

/// <summary>One ring of a policy: what it takes to enter it, and how long a version stays at least.</summary>
public sealed record RingRule
{
    /// <summary>Which ring: shadow, canary or production.</summary>
    public required RingStage Ring { get; init; }

    /// <summary>The units that a plan may name; empty = any.</summary>
    public ImmutableArray<string> Units { get; init; } = [];

    /// <summary>At most so many units in one plan; null = no limit.</summary>
    public int? UnitsMax { get; init; }

    /// <summary>What a version must have done here before it may go on.</summary>
    public Dwell Dwell { get; init; } = new(0, 0, 0);

    /// <summary>What must be within bounds to enter.</summary>
    public ImmutableArray<GateCriterion> Gates { get; init; } = [];

    /// <summary>Roles that must have signed to enter, each by another person than the proposer and the others.</summary>
    public ImmutableArray<string> Signatures { get; init; } = [];
}

/// <param name="Days">Least time in the ring.</param>
/// <param name="Events">Least number of scores.</param>
/// <param name="MaturedLabels">Least number of scores whose horizon is over.</param>
public sealed record Dwell(double Days, long Events, long MaturedLabels);
