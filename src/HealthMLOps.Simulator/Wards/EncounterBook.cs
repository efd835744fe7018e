using HealthMLOps.Simulation.Chance;
using HealthMLOps.Simulation.Charting;

namespace HealthMLOps.Simulation.Wards;

/// <summary>Books one stay from the ED's door to discharge, in one Encounter or in two.</summary>
internal sealed class EncounterBook(Chart chart, StayPlan plan, RandomStream chance)
{
    private EncounterEntry? _current;

    private EncounterEntry Current => _current ?? throw new InvalidOperationException("Nobody has arrived yet.");

    public string CurrentId => Current.Id;

    public void Arrive(DateTimeOffset at) =>
        _current = chart.Write(new EncounterEntry
        {
            PatientId = chart.PatientId, Id = chart.NewId('e'), LastUpdated = at + chance.Minutes(0, 4),
            Class = "EMER", Status = "in-progress", Start = at, Reason = plan.Reason.Snomed,
            Locations = [new(Ward.Emergency, 0, at, null)],
        });

    public void Admit(DateTimeOffset at, string diagnosisId)
    {
        var bed = new LocationPhase(plan.Reason.Ward, plan.Bed, at, null);
        if (plan.Booking == Booking.OneEncounter)
        {
            Revise(at, Current with
            {
                Class = "IMP", Locations = [.. Ended(at), bed], Origin = plan.Origin, AdmitSource = "emd", DiagnosisId = diagnosisId,
                ClassHistory = [new("EMER", Current.Start, at), new("IMP", at, null)],
            });
            return;
        }
        var emergency = Current;
        Revise(at, emergency with { Status = "finished", End = at, Locations = Ended(at) });
        _current = chart.Write(new EncounterEntry
        {
            PatientId = chart.PatientId, Id = chart.NewId('e'), LastUpdated = at + chance.Minutes(1, 10), PartOf = emergency.Id,
            Class = "IMP", Status = "in-progress", Start = at, Locations = [bed], Origin = plan.Origin, AdmitSource = "emd",
            Reason = plan.Reason.Snomed, DiagnosisId = diagnosisId,
        });
    }

    public void Move(DateTimeOffset at, Ward to) =>
        Revise(at, Current with { Locations = [.. Ended(at), new(to, plan.Bed, at, null)] });

    public void Finish(DateTimeOffset at, string disposition) =>
        Revise(at, Current with
        {
            Status = "finished", End = at, Disposition = disposition, Locations = Ended(at),
            ClassHistory = [.. Current.ClassHistory.Select(phase => phase with { To = phase.To ?? at })],
        });

    private LocationPhase[] Ended(DateTimeOffset at) => [.. Current.Locations.Select(phase => phase with { To = phase.To ?? at })];

    private void Revise(DateTimeOffset at, EncounterEntry changed) => _current = chart.Revise(changed, at + chance.Minutes(1, 10));
}
