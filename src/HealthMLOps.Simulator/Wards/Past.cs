using HealthMLOps.Simulation.Chance;
using HealthMLOps.Simulation.Charting;

namespace HealthMLOps.Simulation.Wards;

/// <summary>What the chart held before the first stay: demographics, insurance, problems, home drugs and a year of visits.</summary>
internal static class Past
{
    private const int Days = 365;

    public static PatientEntry Write(Chart chart, Person person, DateTimeOffset arrival, RandomStream chance)
    {
        var registered = arrival.AddDays(-Days - chance.Between(1, 900));
        var patient = chart.Write(new PatientEntry { PatientId = chart.PatientId, Id = chart.PatientId, LastUpdated = registered, Person = person });
        if (person.Insurance is { } insurance)
            chart.Write(new CoverageEntry
            {
                PatientId = chart.PatientId, Id = chart.NewId('v'), LastUpdated = registered, From = registered, Kind = insurance.Kind, Payor = insurance.Payor,
            });
        foreach (var problem in person.Problems) WriteProblem(chart, problem, arrival, chance);
        WriteVisits(chart, person, arrival, chance);
        return patient;
    }

    private static void WriteProblem(Chart chart, Problem problem, DateTimeOffset arrival, RandomStream chance)
    {
        var recorded = arrival.AddDays(-chance.Between(20, 2500));
        chart.Write(new ConditionEntry
        {
            PatientId = chart.PatientId, Id = chart.NewId('c'), LastUpdated = recorded, Recorded = recorded, Category = "problem-list-item",
            // Some problems were never coded for billing, others only for it.
            Codings = chance.Unit() switch { < 0.1 => [problem.Snomed], < 0.2 => [problem.Icd], _ => [problem.Icd, problem.Snomed] },
            Onset = chance.Happens(0.7) ? recorded.AddDays(-chance.Between(0, 700)) : null,
        });
        if (problem.Drug is { } drug && chance.Happens(0.8))
            new Orders(chart, chance).Prescribe(null, drug, arrival.AddDays(-chance.Between(5, 300)));
    }

    private static void WriteVisits(Chart chart, Person person, DateTimeOffset arrival, RandomStream chance)
    {
        var readiness = person.Frailty * (1 + 0.15 * person.Burden);
        var busy = new List<(DateTimeOffset From, DateTimeOffset To)>();
        Visit("IMP", 0.22 * readiness, 36, 170);
        Visit("EMER", 0.35 * readiness, 1.5, 9);
        Visit("AMB", 2.2 * readiness, 0.3, 1);

        void Visit(string @class, double mean, double fromHours, double toHours)
        {
            for (var left = chance.Poisson(mean); left > 0; left--)
            {
                var start = arrival.AddMinutes(-Math.Round(chance.Between(12 * 1440, Days * 1440)));
                var end = start + chance.Minutes(fromHours * 60, toHours * 60);
                if (busy.Exists(other => start < other.To.AddDays(2) && other.From < end.AddDays(2))) continue;
                busy.Add((start, end));
                chart.Write(PastVisit(chart, @class, start, end, chance));
            }
        }
    }

    private static EncounterEntry PastVisit(Chart chart, string @class, DateTimeOffset start, DateTimeOffset end, RandomStream chance)
    {
        var reason = chance.Pick(AdmissionReason.All);
        return new EncounterEntry
        {
            PatientId = chart.PatientId, Id = chart.NewId('e'), LastUpdated = end + chance.Minutes(5, 600), Class = @class, Status = "finished",
            Start = start, End = end, Reason = @class == "AMB" ? null : reason.Snomed,
            AdmitSource = @class == "IMP" ? "emd" : null, Disposition = @class == "AMB" ? null : "home",
            Locations = @class switch { "IMP" => [new(reason.Ward, 0, start, end)], "EMER" => [new(Ward.Emergency, 0, start, end)], _ => [] },
        };
    }
}
