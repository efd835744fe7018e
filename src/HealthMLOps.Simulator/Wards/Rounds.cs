using HealthMLOps.Simulation.Chance;
using HealthMLOps.Simulation.Charting;
using HealthMLOps.Simulation.Physiology;

namespace HealthMLOps.Simulation.Wards;

/// <summary>What nurses chart of a reading and a sample; something is always missing.</summary>
internal sealed class Rounds(ObservationScribe scribe, RandomStream chance)
{
    private const double MissedShare = 0.05;

    public void ChartVitals(VitalReading seen, string encounterId, DateTimeOffset at)
    {
        Number(ObservationKinds.HeartRate, seen.HeartRateBpm, MissedShare);
        Number(ObservationKinds.RespiratoryRate, seen.BreathsPerMinute, MissedShare);
        Number(ObservationKinds.Temperature, seen.TemperatureCel, 0.2);
        Number(ObservationKinds.OxygenSaturation, seen.SaturationPercent, MissedShare);
        if (!chance.Happens(MissedShare)) scribe.Pressure(encounterId, seen.SystolicMmHg, seen.DiastolicMmHg, at);
        // Room air is mostly not charted at all, and now and then as a flow of zero.
        Number(ObservationKinds.OxygenFlow, seen.OxygenLMin, seen.OxygenLMin > 0 ? 0.03 : 0.93);
        if (chance.Happens(0.75)) scribe.Answer(encounterId, ObservationKinds.Consciousness, Answer(seen.Responsiveness), at);
        Number(ObservationKinds.GlasgowComa, seen.GlasgowComa, seen.Responsiveness == 'A' ? 0.85 : 0.2);

        void Number(ObservationKind kind, double value, double missedShare)
        {
            if (!chance.Happens(missedShare)) scribe.Number(encounterId, kind, value, at);
        }
    }

    public void ChartBody(BodyBaseline body, string encounterId, DateTimeOffset at)
    {
        if (chance.Happens(0.85)) scribe.Number(encounterId, ObservationKinds.Weight, body.WeightKg, at);
        if (chance.Happens(0.6)) scribe.Number(encounterId, ObservationKinds.Height, body.HeightCm, at);
    }

    public void DrawBlood(BodyBaseline body, BodyState state, int points, string encounterId, DateTimeOffset at)
    {
        foreach (var (kind, value) in LabPanel.Draw(body, state, points, chance)) scribe.Number(encounterId, kind, value, at);
    }

    private static Code Answer(char responsiveness) => responsiveness switch
    {
        'A' => new("http://snomed.info/sct", "248234008", "Mentally alert"),
        'C' => new("http://snomed.info/sct", "130987000", "Acute confusion"),
        'V' => new("http://snomed.info/sct", "300202002", "Responds to voice"),
        'P' => new("http://snomed.info/sct", "450847001", "Responds to pain"),
        _ => new("http://snomed.info/sct", "422768004", "Unresponsive"),
    };
}
