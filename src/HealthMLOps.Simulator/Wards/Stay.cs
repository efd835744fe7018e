namespace HealthMLOps.Simulation.Wards;

/// <summary>One finished stay as fate knows it: the truth against which models are judged.</summary>
internal sealed record Stay
{
    public required DateTimeOffset Arrival { get; init; }
    public required DateTimeOffset Discharged { get; init; }
    public required StayEnd End { get; init; }

    /// <summary>Transfer to ICU or death, whichever came first; null for a stay without event.</summary>
    public DateTimeOffset? Event { get; init; }

    /// <summary>When severity began to climb; null where it never did.</summary>
    public DateTimeOffset? ClimbBegan { get; init; }
    public required IReadOnlyList<Round> Rounds { get; init; }

    public double Days => (Discharged - Arrival).TotalDays;
}

internal enum StayEnd { WentHome, WentToCare, Died }

/// <summary>One round of vital signs: the hidden severity and the points the ward saw.</summary>
internal readonly record struct Round(DateTimeOffset At, double Severity, int Points);
