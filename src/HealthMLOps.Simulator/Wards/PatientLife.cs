using HealthMLOps.Simulation.Chance;
using HealthMLOps.Simulation.Charting;
using HealthMLOps.Simulation.Physiology;

namespace HealthMLOps.Simulation.Wards;

/// <summary>One patient: the year before, one or more stays, and the chart they left.</summary>
internal sealed record PatientLife(Person Person, IReadOnlyList<Stay> Stays, IReadOnlyList<ChartEntry> Entries)
{
    private const double ReadmittedWithinDays = 30;

    /// <summary>Generates a life from its own streams of chance: other patients don't move it.</summary>
    /// <param name="horizon">No stay begins at or after it.</param>
    public static PatientLife Live(HospitalSeed seed, long number, DateTimeOffset firstArrival, DateTimeOffset horizon, int bed, Unfinished unfinished)
    {
        var chance = RandomStream.Of(seed.Number, "patient", number);
        var chart = new Chart(seed.PatientId(number));
        var person = People.Someone(chart.PatientId, firstArrival, chance.Fork("person"));
        var body = BodyBaseline.Of(person, person.AgeYears(firstArrival), chance.Fork("body"));
        var patient = Past.Write(chart, person, firstArrival, chance.Fork("past"));
        var stays = new List<Stay>();
        var origin = EncounterOrigin.First;
        for (DateTimeOffset? arrival = firstArrival; arrival < horizon;)
        {
            var before = chart.Entries.Count;
            var stayChance = chance.Fork("stay", stays.Count);
            var plan = StayPlan.Draw(person, body, arrival.Value, bed, origin, stayChance);
            var stay = new StayCourse(plan, chart, patient, stayChance).Run();
            if (unfinished == Unfinished.Forgotten && stay.Discharged >= horizon)
            {
                chart.ForgetAfter(before);
                break;
            }
            stays.Add(stay);
            (arrival, origin) = Next(person, stay, stays.Count, stayChance);
        }
        return new PatientLife(person, stays, [.. chart.Entries.OrderBy(entry => entry.LastUpdated).ThenBy(entry => entry.Version)]);
    }

    /// <summary>When this person comes back: sooner and likelier with burden, age, long stays and past visits.</summary>
    /// <remarks>The terms are those of the LACE index (van Walraven, 2010): length, acuity, comorbidity, visits.</remarks>
    private static (DateTimeOffset? Arrival, EncounterOrigin Origin) Next(Person person, Stay stay, int stays, RandomStream chance)
    {
        if (stay.End == StayEnd.Died) return (null, EncounterOrigin.First);
        var logOdds = -3.6 + 0.28 * person.Burden + 0.015 * (person.AgeYears(stay.Discharged) - 60) + 0.45 * Math.Log(Math.Max(1, stay.Days))
            + 0.8 * Math.Log(person.Frailty) + 0.3 * (stays - 1) + (stay.Event is null ? 0 : 0.5) + (stay.End == StayEnd.WentToCare ? 0.2 : 0);
        return chance.Happens(1 / (1 + Math.Exp(-logOdds)))
            ? (stay.Discharged.AddDays(1 + (ReadmittedWithinDays - 1.5) * Math.Pow(chance.Unit(), 1.6)), EncounterOrigin.Readmission)
            : (stay.Discharged.AddDays(ReadmittedWithinDays + 2 + chance.Exponential(300 / person.Frailty)), EncounterOrigin.First);
    }
}

/// <summary>What becomes of a stay that has not ended at the horizon.</summary>
internal enum Unfinished { Kept, Forgotten }
