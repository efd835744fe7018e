using HealthMLOps.Simulation.Chance;
using HealthMLOps.Simulation.Charting;

namespace HealthMLOps.Simulation.Wards;

/// <summary>Who comes to this hospital.</summary>
internal static class People
{
    private const string RaceSystem = "urn:oid:2.16.840.1.113883.6.238";

    private static readonly (Code Code, double Share)[] Races =
    [
        (new(RaceSystem, "2106-3", "White"), 0.64),
        (new(RaceSystem, "2054-5", "Black or African American"), 0.2),
        (new(RaceSystem, "2028-9", "Asian"), 0.08),
        (new(RaceSystem, "1002-5", "American Indian or Alaska Native"), 0.02),
        (new(RaceSystem, "2076-8", "Native Hawaiian or Other Pacific Islander"), 0.01),
        (new("http://terminology.hl7.org/CodeSystem/v3-NullFlavor", "UNK", "unknown"), 0.05),
    ];

    private static readonly Code Hispanic = new(RaceSystem, "2135-2", "Hispanic or Latino");
    private static readonly Code NotHispanic = new(RaceSystem, "2186-5", "Not Hispanic or Latino");

    public static Person Someone(string id, DateTimeOffset around, RandomStream chance)
    {
        var ageYears = Math.Clamp(chance.Happens(0.25) ? chance.Between(18, 55) : chance.Normal(70, 13), 18, 101);
        var races = new List<Code> { chance.Pick(Races, race => race.Share).Code };
        if (chance.Happens(0.03) && races[0].System == RaceSystem) races.Add(chance.Pick(Races.Where(race => race.Code.System == RaceSystem && race.Code != races[0]).ToArray()).Code);
        return new Person
        {
            Id = id,
            Born = DateOnly.FromDateTime(around.UtcDateTime.AddDays(-ageYears * 365.25)),
            BornPrecision = chance.Happens(0.08) ? BirthDatePrecision.Year : BirthDatePrecision.Day,
            Gender = chance.Happens(0.005) ? "other" : chance.Happens(0.51) ? "female" : "male",
            Races = races,
            Ethnicity = chance.Happens(0.06) ? null : chance.Happens(0.15) ? Hispanic : NotHispanic,
            Problems = [.. Problem.All.Where(problem => chance.Happens(problem.Prevalence(ageYears)))],
            Insurance = chance.Happens(0.06) ? null : InsuranceAt(ageYears, chance),
            Frailty = chance.LogNormal(1, 0.5),
        };
    }

    private static Insurance InsuranceAt(double ageYears, RandomStream chance)
    {
        var draw = chance.Unit();
        if (ageYears >= 65 && draw < 0.9) return Plan("1", "Medicare", "Medicare");
        return draw switch
        {
            < 0.55 => Plan("5", "Private health insurance", "Commercial plan"),
            < 0.85 => Plan("2", "Medicaid", "Medicaid"),
            < 0.95 => Plan("3", "Other government", "Veterans health"),
            _ => Plan("81", "Self-pay", "Self"),
        };

        static Insurance Plan(string code, string display, string payor) => new(new("https://nahdo.org/sopt", code, display), payor);
    }
}
