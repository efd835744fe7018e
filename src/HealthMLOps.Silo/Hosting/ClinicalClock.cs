namespace HealthMLOps.Hosting;

/// <summary>The time of the ward: the wall clock in production, an accelerated one in the demo. Leases, tokens and membership never use it.</summary>
/// <param name="wall">The real clock.</param>
public sealed class ClinicalClock(TimeProvider wall)
{
    private volatile Anchor? _anchor;

    /// <summary>Clinical seconds per real second.</summary>
    public double Rate => _anchor?.Rate ?? 1;

    public DateTimeOffset Now => _anchor is { } anchor ? anchor.Start + (wall.GetUtcNow() - anchor.Origin) * anchor.Rate : wall.GetUtcNow();

    /// <summary>From now on it is <paramref name="start"/>, and time passes <paramref name="rate"/> times as fast. Only the demo does this.</summary>
    public void Run(DateTimeOffset start, double rate) => _anchor = new Anchor(start, wall.GetUtcNow(), rate);

    private sealed record Anchor(DateTimeOffset Start, DateTimeOffset Origin, double Rate);
}
