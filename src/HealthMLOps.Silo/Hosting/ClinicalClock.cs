namespace HealthMLOps.Hosting;

/// <summary>The time of the ward: the wall clock in production, an accelerated one in the demo. Leases, tokens and membership never use it.</summary>
/// <param name="wall">The real clock.</param>
/// <param name="start">The clinical time at <paramref name="origin"/>.</param>
/// <param name="origin">The real time at which the clinical clock began.</param>
/// <param name="rate">Clinical seconds per real second.</param>
public sealed class ClinicalClock(TimeProvider wall, DateTimeOffset start, DateTimeOffset origin, double rate)
{
    /// <summary>The clock of production: the wall clock itself.</summary>
    public ClinicalClock(TimeProvider wall) : this(wall, DateTimeOffset.UnixEpoch, DateTimeOffset.UnixEpoch, 1) { }

    public double Rate => rate;

    public DateTimeOffset Now => start + (wall.GetUtcNow() - origin) * rate;
}
