using HealthMLOps.Simulation.Chance;
using HealthMLOps.Simulation.Wards;

namespace HealthMLOps.Simulation.Physiology;

/// <summary>What is normal for one body, and how strongly each organ system answers to illness.</summary>
internal sealed record BodyBaseline
{
    public required double HeartRateBpm { get; init; }
    public required double BreathsPerMinute { get; init; }
    public required double TemperatureCel { get; init; }
    public required double SystolicMmHg { get; init; }
    public required double SaturationPercent { get; init; }
    public required double CreatinineMgDl { get; init; }
    public required double WhiteCells { get; init; }
    public required double Platelets { get; init; }
    public required double HaemoglobinGDl { get; init; }
    public required double SodiumMmolL { get; init; }
    public required double GlucoseMgDl { get; init; }
    public required double BilirubinMgDl { get; init; }
    public required double WeightKg { get; init; }
    public required double HeightCm { get; init; }

    /// <summary>How far the heart, the lungs, the thermostat, the brain and the kidneys follow severity; 1 is average, 0 not at all.</summary>
    public required double Circulation { get; init; }
    public required double Lungs { get; init; }
    public required double Fever { get; init; }
    public required double Brain { get; init; }
    public required double Kidneys { get; init; }

    public static BodyBaseline Of(Person person, double ageYears, RandomStream chance)
    {
        bool Has(Problem problem) => person.Problems.Contains(problem);
        var heightCm = chance.Normal(person.Gender == "male" ? 176 : 163, 7);
        return new BodyBaseline
        {
            HeartRateBpm = chance.Normal(Has(Problem.AtrialFibrillation) ? 86 : 77, 9),
            BreathsPerMinute = chance.Normal(Has(Problem.Copd) ? 18.5 : 16.3, 1.4),
            TemperatureCel = chance.Normal(36.8, 0.2),
            SystolicMmHg = chance.Normal(Has(Problem.Hypertension) ? 139 : 124, 12) + (ageYears - 60) * 0.1,
            SaturationPercent = chance.Normal(Has(Problem.Copd) ? 94.3 : 96.8, 0.9),
            CreatinineMgDl = chance.LogNormal(Has(Problem.KidneyDisease) ? 1.6 : 0.85, 0.2),
            WhiteCells = chance.LogNormal(7.4, 0.22),
            Platelets = chance.LogNormal(235, 0.22),
            HaemoglobinGDl = chance.Normal(person.Gender == "male" ? 13.6 : 12.4, 1.4),
            SodiumMmolL = chance.Normal(138.5, 2.2),
            GlucoseMgDl = chance.LogNormal(Has(Problem.Diabetes) ? 150 : 102, 0.14),
            BilirubinMgDl = chance.LogNormal(0.55, 0.4),
            HeightCm = heightCm,
            WeightKg = Math.Max(38, chance.Normal(27, 5) * heightCm * heightCm / 10_000),
            Circulation = Response(chance),
            Lungs = Response(chance),
            Fever = chance.Happens(0.2) ? -chance.Between(0.2, 0.8) : Response(chance),
            Brain = Response(chance),
            Kidneys = Response(chance),
        };
    }

    private static double Response(RandomStream chance) => Math.Max(0, chance.Normal(1, 0.45));
}
