using HealthMLOps.Simulation.Chance;
using HealthMLOps.Simulation.Charting;
using HealthMLOps.Simulation.Physiology;

namespace HealthMLOps.Simulation.Wards;

/// <summary>What the ward does about what it sees: oxygen, fluids, antibiotics and pressors, each with its delay.</summary>
internal sealed class Treatment(Orders orders, StayPlan plan, RandomStream chance)
{
    private const int WorryPoints = 5;
    private const double BolusMmHg = 9;
    private const double BolusHours = 4;
    private const double PressorMmHgMax = 45;

    private Course? _antibiotic;
    private Course? _escalation;
    private Course? _pressor;
    private MedicationRequestEntry? _fluids;
    private double _lastBolusHour = double.NegativeInfinity;
    private double _fluidMmHg;
    private double _pressorMmHg;

    public double OxygenLMin { get; private set; }
    public double SupportMmHg => _fluidMmHg + _pressorMmHg;

    /// <summary>Whether the answer to a worrying score has reached the patient.</summary>
    public Treated Treated => _escalation is { Doses: > 0 } ? Treated.Yes : Treated.No;

    public void BeginAtDoor(DateTimeOffset now, double hour, string encounterId)
    {
        orders.Request(encounterId, OrderKinds.BloodPanel, now);
        if (plan.Reason.Cause != Cause.Infection) return;
        orders.Request(encounterId, OrderKinds.BloodCulture, now);
        _antibiotic = new(orders.Prescribe(encounterId, Drug.Ceftriaxone, now), hour + chance.Between(0.7, 3), 24);
    }

    /// <summary>Gives what is due and lets what was given wear off.</summary>
    public void Advance(double hours, DateTimeOffset now, double hour, string encounterId)
    {
        _fluidMmHg *= Math.Exp(-hours / BolusHours);
        foreach (var course in (Course?[])[_antibiotic, _escalation, _pressor])
            if (course is not null && hour >= course.NextHour) course.Give(orders, encounterId, now);
    }

    public void React(VitalReading seen, Ward ward, DateTimeOffset now, double hour, string encounterId)
    {
        OxygenLMin = seen.SaturationPercent switch
        {
            < 90 => Math.Min(15, OxygenLMin + 3),
            < 92.5 => Math.Min(15, OxygenLMin + 1.5),
            > 96.5 => OxygenLMin <= 1.5 ? 0 : OxygenLMin - 1.5,
            _ => OxygenLMin,
        };
        if (seen.SystolicMmHg < 95 && hour - _lastBolusHour >= BolusHours) GiveBolus(now, hour, encounterId);
        if (seen.Points >= WorryPoints && _escalation is null && hour > plan.EmergencyHours + 6) Escalate(now, hour, encounterId);
        if (ward == Ward.Icu) TitratePressor(seen, now, hour, encounterId);
    }

    public void End(DateTimeOffset now)
    {
        foreach (var request in (MedicationRequestEntry?[])[_antibiotic?.Request, _escalation?.Request, _pressor?.Request, _fluids])
            if (request is not null) orders.Stop(request, now);
        (_antibiotic, _escalation, _pressor, _fluids) = (null, null, null, null);
    }

    private void GiveBolus(DateTimeOffset now, double hour, string encounterId)
    {
        _lastBolusHour = hour;
        _fluids ??= orders.Prescribe(encounterId, Drug.Saline, now);
        orders.Give(encounterId, _fluids, now + chance.Minutes(10, 40));
        _fluidMmHg += BolusMmHg;
    }

    private void Escalate(DateTimeOffset now, double hour, string encounterId)
    {
        orders.Request(encounterId, OrderKinds.BloodCulture, now);
        orders.Request(encounterId, OrderKinds.Lactate, now);
        _escalation = new(orders.Prescribe(encounterId, Drug.PiperacillinTazobactam, now), hour + chance.Between(0.7, 3), 8);
    }

    private void TitratePressor(VitalReading seen, DateTimeOffset now, double hour, string encounterId)
    {
        if (seen.SystolicMmHg < 92)
        {
            _pressor ??= new(orders.Prescribe(encounterId, Drug.Norepinephrine, now), hour, 2);
            _pressorMmHg = Math.Min(PressorMmHgMax, _pressorMmHg + 10);
        }
        else if (seen.SystolicMmHg > 118 && _pressor is not null)
        {
            _pressorMmHg = Math.Max(0, _pressorMmHg - 10);
            if (_pressorMmHg > 0) return;
            orders.Stop(_pressor.Request, now);
            _pressor = null;
        }
    }

    /// <summary>One drug given at intervals.</summary>
    private sealed class Course(MedicationRequestEntry request, double firstHour, double intervalHours)
    {
        public MedicationRequestEntry Request => request;
        public double NextHour { get; private set; } = firstHour;
        public int Doses { get; private set; }

        public void Give(Orders orders, string encounterId, DateTimeOffset now)
        {
            orders.Give(encounterId, request, now);
            Doses++;
            NextHour += intervalHours;
        }
    }
}
