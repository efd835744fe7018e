using HealthMLOps.Simulation.Chance;

namespace HealthMLOps.Simulation.Physiology;

/// <summary>The latent illness of one stay: nobody sees it, everything measured follows it. 0 is well, 4 is dying.</summary>
/// <remarks>A constant part, an acute part that heals, an Ornstein-Uhlenbeck wander, and at most one <see cref="Episode"/>.</remarks>
internal sealed class Severity(double constant, double acute, double healingHours, Episode? episode, RandomStream chance)
{
    private const double WanderDeviation = 0.42;
    private const double WanderMemoryHours = 10;
    private const double ReliefHours = 6;
    private const double SlowHours = 10;

    private double _hour;
    private double _wander = chance.Normal(0, WanderDeviation);
    private double _relief;
    private double? _slow;

    public double Level => Math.Max(0, constant + acute * Math.Exp(-_hour / healingHours) + _wander + Climb);

    /// <summary>Severity as the kidneys, the liver and the marrow know it: hours late.</summary>
    public double Slow => _slow ?? Level;

    /// <summary>Whether the episode's event has come and treatment has not turned it.</summary>
    public bool EventIsDue => episode is not null && _hour >= episode.EventHour && _relief < 0.5;

    private double Climb => episode is null ? 0 : episode.Height * episode.Share(_hour) * (1 - _relief);

    public void Advance(double hours, Treated treated)
    {
        _hour += hours;
        var kept = Math.Exp(-hours / WanderMemoryHours);
        _wander = _wander * kept + chance.Normal(0, WanderDeviation * Math.Sqrt(1 - kept * kept));
        if (treated == Treated.Yes && (episode is { Response: Response.Responsive } || _hour > episode?.EventHour))
            _relief += (1 - _relief) * (1 - Math.Exp(-hours / ReliefHours));
        _slow = Slow + (Level - Slow) * (1 - Math.Exp(-hours / SlowHours));
    }
}

internal enum Treated { No, Yes }
