using HealthMLOps.Simulation.Chance;
using HealthMLOps.Simulation.Charting;

namespace HealthMLOps.Simulation.Wards;

/// <summary>Writes orders and doses into the chart.</summary>
internal sealed class Orders(Chart chart, RandomStream chance)
{
    public void Request(string encounterId, IReadOnlyList<Code> codings, DateTimeOffset now)
    {
        var authored = now + chance.Minutes(1, 25);
        var request = chart.Write(new ServiceRequestEntry
        {
            PatientId = chart.PatientId, Id = chart.NewId('s'), EncounterId = encounterId, Status = "active", Codings = codings,
            Authored = authored, LastUpdated = authored + chance.Minutes(0, 2),
        });
        if (chance.Happens(0.8)) chart.Revise(request with { Status = "completed" }, authored + chance.Minutes(60, 400));
    }

    public MedicationRequestEntry Prescribe(string? encounterId, Drug drug, DateTimeOffset now)
    {
        var authored = now + chance.Minutes(1, 30);
        return chart.Write(new MedicationRequestEntry
        {
            PatientId = chart.PatientId, Id = chart.NewId('m'), EncounterId = encounterId, Status = "active", Drug = drug,
            Authored = authored, LastUpdated = authored + chance.Minutes(0, 2),
        });
    }

    public void Give(string encounterId, MedicationRequestEntry request, DateTimeOffset at) =>
        chart.Write(new MedicationAdministrationEntry
        {
            PatientId = chart.PatientId, Id = chart.NewId('a'), EncounterId = encounterId, RequestId = request.Id, Drug = request.Drug,
            Effective = at, LastUpdated = at + chance.Minutes(0, chance.Happens(0.1) ? 60 : 6),
        });

    public void Stop(MedicationRequestEntry request, DateTimeOffset now) =>
        chart.Revise(request with { Status = "completed" }, now + chance.Minutes(0, 10));
}

/// <summary>What is ordered besides drugs.</summary>
internal static class OrderKinds
{
    public static readonly IReadOnlyList<Code> BloodCulture =
        [Code.Loinc("600-7", "Bacteria identified in Blood by Culture"), Code.Snomed("30088009", "Blood culture")];
    public static readonly IReadOnlyList<Code> BloodPanel = [Code.Loinc("24323-8", "Comprehensive metabolic 2000 panel - Serum or Plasma")];
    public static readonly IReadOnlyList<Code> Lactate = [Code.Loinc("2524-7", "Lactate [Moles/volume] in Serum or Plasma")];
}
