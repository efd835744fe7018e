using HealthMLOps.Simulation.Charting;
using HealthMLOps.Simulation.Wards;

namespace HealthMLOps.Tests.Unit.Simulator;

public sealed class SimulatedStayTests
{
    private static readonly PatientLife[] Lives = SimulatedWard.Lives(1000);
    private static readonly Stay[] Stays = [.. Lives.SelectMany(life => life.Stays)];

    [Fact]
    public void About_one_stay_in_eight_meets_its_event()
    {
        double Share(Func<Stay, bool> which) => Stays.Count(which) / (double)Stays.Length;
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"climbs {Share(stay => stay.ClimbBegan is not null):F3}, deaths {Share(stay => stay.End == StayEnd.Died):F3}, days {Stays.Average(stay => stay.Days):F2}");
        Assert.InRange(Share(stay => stay.Event is not null), 0.08, 0.18);
    }

    [Fact]
    public void Severity_climbs_six_to_twenty_four_hours_before_the_event()
    {
        var events = Stays.Where(stay => stay.Event is not null).ToArray();
        Assert.NotEmpty(events);
        Assert.All(events, stay => Assert.InRange((stay.Event! - stay.ClimbBegan!).Value.TotalHours, 6, 25));
        var before = events.SelectMany(stay => stay.Rounds.Where(round => round.At < stay.ClimbBegan)).Average(round => round.Severity);
        var lastHours = events.SelectMany(stay => stay.Rounds.Where(round => round.At < stay.Event && round.At > stay.Event!.Value.AddHours(-4))).Average(round => round.Severity);
        Assert.True(lastHours > before + 0.8, $"Severity was {before:F2} before the climb and {lastHours:F2} just before the event.");
    }

    [Fact]
    public void An_early_warning_score_foresees_the_event_well_but_not_perfectly()
    {
        foreach (var horizonHours in (int[])[12, 24])
        {
            var auroc = Auroc(Stays.SelectMany(stay => stay.Rounds
                .Where(round => round.At > stay.Arrival.AddHours(8) && !(round.At >= stay.Event))
                .Select(round => ((double)round.Points, stay.Event < round.At.AddHours(horizonHours)))));
            TestContext.Current.TestOutputHelper?.WriteLine($"AUROC at {horizonHours} h: {auroc:F3}, {Stays.Length} stays");
            Assert.InRange(auroc, 0.70, 0.92);
        }
    }

    [Fact]
    public void Readmission_within_thirty_days_depends_on_the_burden_of_disease()
    {
        var index = Lives.SelectMany(life => life.Stays.Select((stay, at) => (Life: life, Stay: stay, Next: life.Stays.ElementAtOrDefault(at + 1))))
            .Where(index => index.Stay.End != StayEnd.Died && index.Stay.Discharged < SimulatedWard.Until.AddDays(-35)).ToArray();
        static bool CameBack((PatientLife Life, Stay Stay, Stay? Next) index) => index.Next?.Arrival < index.Stay.Discharged.AddDays(30);
        TestContext.Current.TestOutputHelper?.WriteLine($"readmitted {index.Count(CameBack) / (double)index.Length:F3}");
        Assert.InRange(index.Count(CameBack) / (double)index.Length, 0.08, 0.25);
        Assert.True(Auroc(index.Select(one => (one.Life.Person.Burden, CameBack(one)))) > 0.55);
    }

    [Fact]
    public void A_later_version_is_known_later()
    {
        foreach (var versions in Lives.Take(200).SelectMany(life => life.Entries).GroupBy(entry => entry.Id))
        {
            var ordered = versions.OrderBy(entry => entry.Version).ToArray();
            Assert.Equal(Enumerable.Range(1, ordered.Length), ordered.Select(entry => entry.Version));
            for (var at = 1; at < ordered.Length; at++) Assert.True(ordered[at].LastUpdated > ordered[at - 1].LastUpdated, ordered[at].Id);
        }
    }

    [Fact]
    public void The_data_are_as_messy_as_a_hospitals()
    {
        var observations = Lives.SelectMany(life => life.Entries).OfType<ObservationEntry>().ToArray();
        double Share(Func<ObservationEntry, bool> which) => observations.Count(which) / (double)observations.Length;
        Assert.InRange(Share(entry => entry.Status == "entered-in-error"), 0.002, 0.03);
        Assert.InRange(Share(entry => entry.Value is Absent), 0.002, 0.03);
        Assert.InRange(Share(entry => entry.Value is Measured { Unit.Code: "[degF]" or "umol/L" or "[lb_av]" }), 0.002, 0.03);
        Assert.Contains(observations, entry => entry.Value is Measured { Comparator: "<" });
        Assert.Contains(observations, entry => entry.Kind.Text == "Heart rate" && entry.Value is Measured { Number: 0 or 500 });
        Assert.Contains(observations, entry => entry.Kind.Text == "O2 flow" && entry.Value is Measured { Number: 0 });
    }

    /// <summary>The share of pairs that are ranked rightly, ties counting half.</summary>
    private static double Auroc(IEnumerable<(double Score, bool Positive)> scored)
    {
        double pairs = 0, right = 0, negativesBelow = 0;
        var groups = scored.GroupBy(one => one.Score).OrderBy(group => group.Key)
            .Select(group => (Positives: group.Count(one => one.Positive), Negatives: group.Count(one => !one.Positive))).ToArray();
        foreach (var (positives, negatives) in groups)
        {
            right += positives * (negativesBelow + negatives / 2.0);
            negativesBelow += negatives;
        }
        pairs = groups.Sum(group => (double)group.Positives) * negativesBelow;
        return right / pairs;
    }
}
