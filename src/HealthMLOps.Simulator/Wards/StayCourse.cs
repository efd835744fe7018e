using HealthMLOps.Simulation.Chance;
using HealthMLOps.Simulation.Charting;
using HealthMLOps.Simulation.Physiology;

namespace HealthMLOps.Simulation.Wards;

/// <summary>Lives through one stay in half-hour steps: illness moves, the ward measures, treats, moves and discharges.</summary>
internal sealed class StayCourse
{
    private const double StepHours = 0.5;
    private const double MorningRoundHour = 6;
    private const double IcuDeathShare = 0.2;
    private const double WardDeathShare = 0.2;

    private readonly StayPlan _plan;
    private readonly Chart _chart;
    private readonly PatientEntry _patient;
    private readonly RandomStream _fate;
    private readonly RandomStream _noise;
    private readonly Severity _severity;
    private readonly EncounterBook _book;
    private readonly Treatment _treatment;
    private readonly Rounds _rounds;
    private readonly List<Round> _truth = [];

    private Ward _ward = Ward.Emergency;
    private double _hour;
    private double _nextVitalsHour;
    private double _nextBloodHour = 0.5;
    private double _leavesHour;
    private double _leavesIcuHour;
    private double? _eventHour;
    private StayEnd? _end;

    public StayCourse(StayPlan plan, Chart chart, PatientEntry patient, RandomStream chance)
    {
        (_plan, _chart, _patient) = (plan, chart, patient);
        _fate = chance.Fork("fate");
        _noise = chance.Fork("noise");
        _severity = new Severity(0.12 * plan.Person.Burden + _fate.Between(-0.2, 0.4),
            plan.Acuteness, plan.HealingHours, plan.Episode, chance.Fork("severity"));
        _book = new EncounterBook(chart, plan, chance.Fork("encounters"));
        _treatment = new Treatment(new Orders(chart, chance.Fork("orders")), plan, chance.Fork("treatment"));
        _rounds = new Rounds(new ObservationScribe(chart, chance.Fork("scribe")), chance.Fork("rounds"));
        _leavesHour = plan.PlannedHours;
    }

    private DateTimeOffset Now => _plan.Arrival + TimeSpan.FromSeconds(Math.Round(_hour * 3600));

    private BodyState State => new(_severity.Level, _severity.Slow, _treatment.OxygenLMin, _treatment.SupportMmHg);

    public Stay Run()
    {
        _book.Arrive(_plan.Arrival);
        _treatment.BeginAtDoor(_plan.Arrival, 0, _book.CurrentId);
        _rounds.ChartBody(_plan.Body, _book.CurrentId, _plan.Arrival + _noise.Minutes(10, 60));
        while (_end is null)
        {
            MoveOn();
            if (_end is not null) break;
            _treatment.Advance(StepHours, Now, _hour, _book.CurrentId);
            var points = _truth.Count == 0 ? 3 : _truth[^1].Points;
            if (_hour >= _nextVitalsHour) points = TakeVitals();
            if (_hour >= _nextBloodHour) DrawBlood(points);
            _hour += StepHours;
            _severity.Advance(StepHours, _treatment.Treated);
        }
        return new Stay
        {
            Arrival = _plan.Arrival, Discharged = Now, End = _end.Value, Rounds = _truth,
            Event = At(_eventHour), ClimbBegan = At(_plan.Episode?.EventHour - _plan.Episode?.RiseHours),
        };

        DateTimeOffset? At(double? hour) => hour is { } hours ? _plan.Arrival + TimeSpan.FromSeconds(Math.Round(hours * 3600)) : null;
    }

    private void MoveOn()
    {
        if (_ward == Ward.Emergency && _hour >= _plan.EmergencyHours) Admit();
        else if (_ward == Ward.Icu && _hour >= _leavesIcuHour) LeaveIcu();
        else if (_eventHour is null && _severity.EventIsDue) MeetEvent();
        else if (_ward != Ward.Icu && _hour >= _leavesHour && WellEnough) Leave(Destination());
    }

    private bool WellEnough => _plan.Episode is null || _eventHour is not null || _hour >= _plan.Episode.EventHour + 12;

    private void Admit()
    {
        var diagnosis = _chart.Write(new ConditionEntry
        {
            PatientId = _chart.PatientId, Id = _chart.NewId('c'), EncounterId = _book.CurrentId, Category = "encounter-diagnosis",
            Codings = [_plan.Reason.Icd, _plan.Reason.Snomed], Recorded = Now, LastUpdated = Now + _noise.Minutes(1, 9),
        });
        _ward = _plan.Reason.Ward;
        _book.Admit(Now, diagnosis.Id);
        if (_plan.Reason.Operation is not { } operation) return;
        var from = Now + _noise.Minutes(120, 1200);
        var to = from + _noise.Minutes(45, 180);
        _chart.Write(new ProcedureEntry
        {
            PatientId = _chart.PatientId, Id = _chart.NewId('r'), EncounterId = _book.CurrentId, Codings = [operation], From = from, To = to,
            LastUpdated = to + _noise.Minutes(5, 60),
        });
    }

    private void MeetEvent()
    {
        _eventHour = _hour;
        if (_fate.Happens(WardDeathShare))
        {
            Leave(StayEnd.Died);
            return;
        }
        _ward = Ward.Icu;
        _book.Move(Now, Ward.Icu);
        _leavesIcuHour = _hour + Math.Clamp(_fate.LogNormal(52, 0.5), 12, 300);
        _leavesHour = Math.Max(_leavesHour, _leavesIcuHour + _fate.Between(24, 96));
    }

    private void LeaveIcu()
    {
        if (_fate.Happens(IcuDeathShare))
        {
            Leave(StayEnd.Died);
            return;
        }
        _ward = _plan.Reason.Ward;
        _book.Move(Now, _ward);
    }

    private StayEnd Destination() =>
        _fate.Happens(0.06 + 0.04 * _plan.Person.Burden + (_plan.Person.AgeYears(Now) > 78 ? 0.12 : 0)) ? StayEnd.WentToCare : StayEnd.WentHome;

    private void Leave(StayEnd end)
    {
        _end = end;
        _treatment.End(Now);
        _book.Finish(Now, end switch { StayEnd.Died => "exp", StayEnd.WentHome => "home", _ => _fate.Happens(0.7) ? "snf" : "rehab" });
        if (end == StayEnd.Died) _chart.Revise(_patient with { Deceased = Now }, Now + _noise.Minutes(5, 90));
    }

    private int TakeVitals()
    {
        var at = Now + _noise.Minutes(0, 18);
        var seen = VitalReading.Take(_plan.Body, State, _noise);
        _truth.Add(new Round(at, _severity.Level, seen.Points));
        _rounds.ChartVitals(seen, _book.CurrentId, at);
        _treatment.React(seen, _ward, at, _hour, _book.CurrentId);
        var pauseHours = _ward == Ward.Icu || _ward == Ward.Emergency ? 1 : seen.Points switch { >= 7 => 1, >= 5 => 2, >= 3 => 3, _ => 4 };
        _nextVitalsHour = _hour + Math.Max(1, pauseHours + _noise.Between(-0.6, 0.6));
        return seen.Points;
    }

    /// <summary>Every morning, and again after eight hours for those who worry the ward.</summary>
    private void DrawBlood(int points)
    {
        _rounds.DrawBlood(_plan.Body, State, points, _book.CurrentId, Now + _noise.Minutes(0, 25));
        var clock = HospitalClock.HourOfDay(Now);
        var untilMorning = (MorningRoundHour - clock + 24) % 24;
        if (untilMorning < 4) untilMorning += 24;
        _nextBloodHour = _hour + (points >= 5 || _ward == Ward.Icu ? Math.Min(untilMorning, 8) : untilMorning);
    }
}
