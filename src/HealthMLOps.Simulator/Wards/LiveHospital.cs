using HealthMLOps.Simulation.Chance;
using HealthMLOps.Simulation.Charting;

namespace HealthMLOps.Simulation.Wards;

/// <summary>The wards from one instant on: every bed has somebody, and somebody else some hours after.</summary>
/// <remarks>Entries leave when the EHR gets round to sending them: mostly within minutes, some an hour late.</remarks>
internal sealed class LiveHospital
{
    private const int AheadDays = 45;
    private const double LateShare = 0.06;

    private readonly HospitalSeed _seed;
    private readonly int _beds;
    private readonly RandomStream _lags;
    private readonly RandomStream[] _bedChances;
    private readonly PriorityQueue<ChartEntry, (DateTimeOffset Due, long Order)> _entries = new();
    private readonly PriorityQueue<int, (DateTimeOffset Arrival, int Bed)> _arrivals = new();
    private readonly List<Stay> _stays = [];
    private readonly long[] _occupants;
    private long _order;

    public LiveHospital(HospitalSeed seed, int beds, DateTimeOffset start)
    {
        (_seed, _beds) = (seed, beds);
        _lags = RandomStream.Of(seed.Number, "lags");
        _occupants = new long[beds];
        _bedChances = [.. Enumerable.Range(0, beds).Select(bed => RandomStream.Of(seed.Number, "bed", bed))];
        var first = _bedChances.Select(chance => start.AddSeconds(-Math.Round(chance.Between(0, 5 * 86400)))).ToArray();
        var lives = Enumerable.Range(0, beds).AsParallel().AsOrdered().Select(bed => Occupy(bed, first[bed])).ToArray();
        for (var bed = 0; bed < beds; bed++) Admit(lives[bed], bed, first[bed]);
        Backlog = Newest(Take(start));
    }

    /// <summary>What the EHR held at the start, newest versions only, patient by patient.</summary>
    public IReadOnlyList<ChartEntry> Backlog { get; }

    public DateTimeOffset NextDue
    {
        get
        {
            var entry = _entries.TryPeek(out _, out var first) ? first.Due : DateTimeOffset.MaxValue;
            var arrival = _arrivals.TryPeek(out _, out var next) ? next.Arrival : DateTimeOffset.MaxValue;
            return entry < arrival ? entry : arrival;
        }
    }

    /// <summary>What is due to be sent before an instant and was not taken yet, in order of sending.</summary>
    public IReadOnlyList<ChartEntry> Take(DateTimeOffset before)
    {
        while (_arrivals.TryPeek(out _, out var next) && next.Arrival < before)
            Admit(Occupy(_arrivals.Dequeue(), next.Arrival), next.Bed, next.Arrival);
        var taken = new List<ChartEntry>();
        while (_entries.TryPeek(out _, out var first) && first.Due < before)
            taken.Add(_entries.Dequeue());
        return taken;
    }

    public int PatientsInHouse(DateTimeOffset at)
    {
        _stays.RemoveAll(stay => stay.Discharged <= at);
        return _stays.Count(stay => stay.Arrival <= at);
    }

    private PatientLife Occupy(int bed, DateTimeOffset arrival) =>
        PatientLife.Live(_seed, bed + _beds * _occupants[bed]++, arrival, arrival.AddDays(AheadDays), bed, Unfinished.Kept);

    private void Admit(PatientLife life, int bed, DateTimeOffset arrival)
    {
        _stays.AddRange(life.Stays);
        _arrivals.Enqueue(bed, (life.Stays[0].Discharged + _bedChances[bed].Minutes(60, 360), bed));
        foreach (var entry in life.Entries)
        {
            var due = entry.LastUpdated + (_lags.Happens(LateShare) ? _lags.Minutes(3, 60) : _lags.Minutes(0, 2));
            // What is older than the patient's arrival leaves the EHR with it.
            _entries.Enqueue(entry, (due < arrival ? arrival : due, _order++));
        }
    }

    private static ChartEntry[] Newest(IReadOnlyList<ChartEntry> entries) =>
        [.. entries.GroupBy(entry => entry.Id).Select(versions => versions.MaxBy(entry => entry.Version)!).OrderBy(entry => entry.PatientId, StringComparer.Ordinal)];
}
