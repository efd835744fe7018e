namespace HealthMLOps.Simulation.Physiology;

/// <summary>A deterioration that is on its way: severity climbs for some hours until the event, unless treatment turns it.</summary>
/// <param name="EventHour">Hours from arrival to the event.</param>
/// <param name="RiseHours">How long severity climbs before it: 8 to 24.</param>
/// <param name="Height">How much severity the climb adds.</param>
internal sealed record Episode(double EventHour, double RiseHours, double Height, Response Response)
{
    /// <summary>Hours in which the climb fades once it is over.</summary>
    private const double FadeHours = 40;

    /// <summary>Share of <see cref="Height"/> reached at an hour: a climb that is steep at first, then a slow decay.</summary>
    public double Share(double hour)
    {
        var climbed = Math.Clamp((hour - EventHour + RiseHours) / RiseHours, 0, 1);
        return climbed * (2 - climbed) * Math.Exp(-Math.Max(0, hour - EventHour) / FadeHours);
    }
}

/// <summary>Whether early treatment turns an episode.</summary>
internal enum Response { Refractory, Responsive }
