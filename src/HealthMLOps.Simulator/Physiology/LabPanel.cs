using HealthMLOps.Simulation.Chance;
using HealthMLOps.Simulation.Charting;

namespace HealthMLOps.Simulation.Physiology;

/// <summary>What one blood sample shows.</summary>
internal static class LabPanel
{
    /// <summary>The values of a sample; which of them are ordered varies, lactate is for those who look ill.</summary>
    public static IEnumerable<(ObservationKind Kind, double Value)> Draw(BodyBaseline body, BodyState state, int points, RandomStream chance)
    {
        var slow = state.SlowSeverity;
        var kidneys = Math.Exp(0.13 * slow * body.Kidneys);
        if (chance.Happens(points >= 3 ? 0.85 : 0.3))
            yield return (ObservationKinds.Lactate, chance.LogNormal(1.0, 0.3) * Math.Exp(0.3 * state.Severity * body.Circulation));
        if (chance.Happens(0.97)) yield return (ObservationKinds.Creatinine, body.CreatinineMgDl * kidneys * chance.LogNormal(1, 0.06));
        if (chance.Happens(0.97)) yield return (ObservationKinds.WhiteCells, body.WhiteCells * Math.Exp(0.14 * slow * body.Fever) * chance.LogNormal(1, 0.1));
        if (chance.Happens(0.96)) yield return (ObservationKinds.Platelets, body.Platelets * Math.Exp(-0.07 * slow) * chance.LogNormal(1, 0.08));
        if (chance.Happens(0.97)) yield return (ObservationKinds.Sodium, body.SodiumMmolL - 0.4 * slow + chance.Normal(0, 1.6));
        if (chance.Happens(0.97)) yield return (ObservationKinds.Potassium, 3.9 + 0.12 * slow * body.Kidneys + chance.Normal(0, 0.33));
        if (chance.Happens(0.95)) yield return (ObservationKinds.Glucose, body.GlucoseMgDl * Math.Exp(0.06 * slow) * chance.LogNormal(1, 0.15));
        if (chance.Happens(0.96)) yield return (ObservationKinds.Haemoglobin, Math.Max(4.5, body.HaemoglobinGDl - 0.25 * slow + chance.Normal(0, 0.4)));
        if (chance.Happens(0.6)) yield return (ObservationKinds.CReactiveProtein, Math.Min(560, chance.LogNormal(4, 0.8) * Math.Exp(0.9 * slow * Math.Abs(body.Fever))));
        if (chance.Happens(0.5)) yield return (ObservationKinds.Bilirubin, body.BilirubinMgDl * Math.Exp(0.12 * slow) * chance.LogNormal(1, 0.15));
        if (chance.Happens(0.9)) yield return (ObservationKinds.Urea, 14 * Math.Sqrt(body.CreatinineMgDl) * Math.Pow(kidneys, 1.3) * chance.LogNormal(1, 0.18));
    }
}
