using HealthMLOps.Simulation.Chance;
using HealthMLOps.Simulation.Charting;
using HealthMLOps.Simulation.Physiology;

namespace HealthMLOps.Simulation.Wards;

/// <summary>What fate holds for one stay before treatment has its say.</summary>
internal sealed record StayPlan
{
    private const double EpisodeShare = 0.115;

    public required Person Person { get; init; }
    public required DateTimeOffset Arrival { get; init; }
    public required AdmissionReason Reason { get; init; }
    public required BodyBaseline Body { get; init; }
    public required int Bed { get; init; }
    public required Booking Booking { get; init; }
    public required EncounterOrigin Origin { get; init; }
    public required double EmergencyHours { get; init; }
    public required double PlannedHours { get; init; }

    /// <summary>The part of severity that heals, at arrival, and the time in which it does.</summary>
    public required double Acuteness { get; init; }
    public required double HealingHours { get; init; }

    /// <summary>The deterioration to come; null for the five in six who only get better.</summary>
    public Episode? Episode { get; init; }

    public static StayPlan Draw(Person person, BodyBaseline body, DateTimeOffset arrival, int bed, EncounterOrigin origin, RandomStream chance)
    {
        var emergencyHours = chance.Between(2, 8);
        var plannedHours = Math.Clamp(chance.LogNormal(86 + 5 * person.Burden, 0.55), 30, 600);
        var reason = chance.Pick(AdmissionReason.All);
        var acuteness = Math.Max(0, chance.Normal(reason.Acuteness, 0.5));
        var risk = EpisodeShare * (0.45 + 0.45 * acuteness) * (1 + 0.12 * person.Burden) * (person.AgeYears(arrival) > 75 ? 1.25 : 1);
        var deteriorates = chance.Happens(risk);
        return new StayPlan
        {
            Person = person, Body = body, Arrival = arrival, Bed = bed, Origin = origin,
            Reason = reason, Acuteness = acuteness, HealingHours = deteriorates ? chance.Between(50, 120) : chance.Between(20, 60),
            Booking = chance.Happens(0.6) ? Booking.OneEncounter : Booking.TwoEncounters,
            EmergencyHours = emergencyHours,
            PlannedHours = plannedHours,
            Episode = deteriorates ? Deterioration(emergencyHours, plannedHours, chance) : null,
        };
    }

    private static Episode Deterioration(double emergencyHours, double plannedHours, RandomStream chance)
    {
        var riseHours = chance.Between(8, 24);
        var earliest = emergencyHours + riseHours;
        return new Episode(chance.Between(earliest, Math.Max(earliest + 12, plannedHours)), riseHours,
            Math.Max(0.5, chance.Normal(1.7, 0.65)), chance.Happens(0.25) ? Response.Responsive : Response.Refractory);
    }
}

/// <summary>How this hospital books an admission through the ED: one Encounter with a class history, or two with partOf.</summary>
internal enum Booking { OneEncounter, TwoEncounters }
