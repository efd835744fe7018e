using HealthMLOps.Simulation.Chance;

namespace HealthMLOps.Simulation.Charting;

/// <summary>Writes measurements as a hospital does: late, in odd units, sometimes wrongly and then corrected.</summary>
internal sealed class ObservationScribe(Chart chart, RandomStream chance)
{
    private const double AbsentShare = 0.008;
    private const double MistakenShare = 0.007;
    private const double AmendedShare = 0.015;
    private const double PreliminaryShare = 0.04;
    private const double ImplausibleHeartRateShare = 0.003;

    private static readonly string[] AbsentReasons = ["not-performed", "error", "unknown"];

    public void Number(string encounterId, ObservationKind kind, double value, DateTimeOffset effective)
    {
        var spoken = kind.Alternate is { } alternate && chance.Happens(alternate.Share)
            ? kind with { Unit = alternate.Unit, Decimals = alternate.Decimals, Codings = alternate.Coding is { } coding ? [coding] : kind.Codings }
            : kind;
        double Spoken(double number) => ReferenceEquals(spoken, kind) ? number : number * kind.Alternate!.Factor + kind.Alternate.Offset;

        var first = Draft(encounterId, spoken, effective) with { Value = Shown(spoken, Spoken(value), value) };
        if (kind == ObservationKinds.HeartRate && chance.Happens(ImplausibleHeartRateShare))
            first = first with { Value = new Measured(chance.Happens(0.5) ? 0 : 500, kind.Unit) };
        else if (chance.Happens(AbsentShare))
            first = first with { Value = new Absent(chance.Pick(AbsentReasons)) };

        if (chance.Happens(MistakenShare)) WriteMistakenThenRight(first, Shown(spoken, Spoken(value * chance.Between(1.3, 1.9)), double.MaxValue));
        else if (kind.Category == "laboratory") WriteResult(first, Shown(spoken, Spoken(value * chance.LogNormal(1, 0.04)), value));
        else chart.Write(first);
    }

    public void Pressure(string encounterId, double systolic, double diastolic, DateTimeOffset effective)
    {
        var first = Draft(encounterId, ObservationKinds.BloodPressure, effective) with
        {
            Components =
            [
                new(ObservationKinds.Systolic, new Measured(Rounded(systolic, 0), ObservationKinds.MmHg)),
                new(ObservationKinds.Diastolic, chance.Happens(AbsentShare)
                    ? new Absent("unknown") : new Measured(Rounded(diastolic, 0), ObservationKinds.MmHg)),
            ],
        };
        chart.Write(first);
        if (chance.Happens(MistakenShare)) Retract(first);
    }

    public void Answer(string encounterId, ObservationKind kind, Code answer, DateTimeOffset effective) =>
        chart.Write(Draft(encounterId, kind, effective) with { Value = new CodedAnswer(answer) });

    /// <summary>Vitals are charted within minutes, sometimes an hour; results are issued 20 to 60 minutes after the sample.</summary>
    private ObservationEntry Draft(string encounterId, ObservationKind kind, DateTimeOffset effective)
    {
        var isLab = kind.Category == "laboratory";
        var issued = effective + (isLab ? chance.Minutes(20, 60) : chance.Minutes(0, chance.Happens(0.15) ? 60 : 8));
        return new ObservationEntry
        {
            PatientId = chart.PatientId, Id = chart.NewId('o'), EncounterId = encounterId, Kind = kind, Status = "final",
            Effective = effective, Issued = issued, LastUpdated = issued + chance.Minutes(0, 2),
        };
    }

    private void WriteResult(ObservationEntry first, ObservedValue second)
    {
        if (chance.Happens(PreliminaryShare))
        {
            chart.Write(first with { Status = "preliminary" });
            chart.Revise(first with { Issued = first.Issued + TimeSpan.FromMinutes(30) }, first.LastUpdated + chance.Minutes(30, 90));
            return;
        }
        chart.Write(first);
        if (!chance.Happens(AmendedShare)) return;
        var at = first.LastUpdated + chance.Minutes(60, 360);
        chart.Revise(first with { Status = chance.Happens(0.5) ? "amended" : "corrected", Value = second, Issued = at }, at);
    }

    private void WriteMistakenThenRight(ObservationEntry right, ObservedValue wrong)
    {
        var retracted = Retract(chart.Write(right with { Value = wrong }));
        if (chance.Happens(0.6)) chart.Write(right with { Id = chart.NewId('o'), LastUpdated = retracted.LastUpdated + chance.Minutes(0, 3) });
    }

    private ObservationEntry Retract(ObservationEntry mistaken) =>
        chart.Revise(mistaken with { Status = "entered-in-error" }, mistaken.LastUpdated + chance.Minutes(10, 120));

    private static Measured Shown(ObservationKind kind, double spoken, double usual) =>
        kind.DetectionLimit is { } limit && usual < limit
            ? new Measured((decimal)limit, kind.Unit, "<")
            : new Measured(Rounded(spoken, kind.Decimals), kind.Unit);

    private static decimal Rounded(double number, int decimals) =>
        decimal.Round((decimal)number, decimals, MidpointRounding.AwayFromZero);
}
