using System.Collections.Immutable;
using HealthMLOps.Clinical;
using HealthMLOps.Patients;
using HealthMLOps.Storage;

namespace HealthMLOps.Intake;

/// <summary>Takes what readers made of resources to their patients: one grain call for each patient, durable when it returns.</summary>
/// <remarks>
/// The resource index tells what the wire does not: whose a deleted resource was, and which version is the newest even
/// where the patient's bounded memory has forgotten it. What it says is a hint, for others write at the same time; that a
/// resource has changed its patient is decided where the index row is written (see <see cref="DisplacedResource"/>).
/// </remarks>
public sealed class IntakeDoor(IEventLog log, IGrainFactory grains)
{
    /// <summary>Facts in one patient turn; more are taken in several turns.</summary>
    public const int FactsPerTurnMax = 2_000;

    /// <summary>Admits resources in the order given. Answers what became of each, at the same index.</summary>
    /// <exception cref="LogBusy">The log's queue is full. Some patients' facts may be durable already; sending all again is safe.</exception>
    public async Task<Admission[]> Admit(IReadOnlyList<Arrival> arrivals, FactOrigin origin, CancellationToken cancellation)
    {
        var outcome = new Admission[arrivals.Count];
        var index = new Dictionary<ResourceKey, IndexedResource>(
            await log.FindResources([.. arrivals.Select(a => a.Fact.Resource).Distinct()], cancellation));
        var turns = new Dictionary<PatientKey, PatientTurnDraft>();
        for (var i = 0; i < arrivals.Count; i++) Route(arrivals[i], i, index, turns, outcome);
        await Task.WhenAll(turns.Select(t => Send(t.Key, t.Value, origin, outcome)));
        return outcome;
    }

    private static void Route(
        Arrival arrival, int position, Dictionary<ResourceKey, IndexedResource> index,
        Dictionary<PatientKey, PatientTurnDraft> turns, Admission[] outcome)
    {
        var fact = arrival.Fact;
        index.TryGetValue(fact.Resource, out var known);
        if (arrival.IsUntimedDelete && known is not null && known.Version != default) fact = fact with { Version = AfterAll(known, fact) };
        if (known is not null && known.Version == fact.Version && known.Standing == fact.Standing)
        {
            outcome[position] = Admission.Repeated;
            return;
        }
        var seen = known is not null && known.Version != default && !IsRemnant(known);
        var owner = arrival.Patient ?? known?.Patient ?? Nobody.LogOf(fact.Resource);
        if (known is not null && known.Patient != owner && known.Version > fact.Version)
            Draft(turns, owner).Add(Superseded(fact, known), -1, seen: true);
        Draft(turns, owner, arrival).Add(new ArrivedFact(fact, arrival.SealedId, known is null) { SealedName = arrival.SealedName }, position, seen);
        if (known is null || known.Version < fact.Version)
            index[fact.Resource] = new IndexedResource(fact.Resource, owner, fact.Version, fact.Standing, [.. arrival.SealedId]);
    }

    /// <summary>
    /// Where a delete without a time of its own stands: at its arrival, but after the newest version that is known, whose
    /// clock may run ahead of ours or which may have come with a version number only.
    /// </summary>
    private static ResourceVersion AfterAll(IndexedResource known, Fact delete) =>
        known.Standing == FactStanding.Deleted ? known.Version
        : known.Version.LastUpdatedTicks == 0 || known.Version >= delete.Version
            ? known.Version with { ContentHash = ulong.MaxValue }
            : delete.Version;

    /// <summary>An older version for a patient that no longer has, or never had, the resource: it is kept, and withdrawn by the newer version.</summary>
    private static ArrivedFact Superseded(Fact fact, IndexedResource known) => new(Withdrawn(fact, known), [.. known.SealedId], false);

    /// <summary>What a resource is to a patient that it was taken from.</summary>
    internal static Fact Withdrawn(Fact fact, IndexedResource newest) => fact with
    {
        Version = newest.Version,
        Standing = newest.Standing == FactStanding.Deleted ? FactStanding.Deleted : IsRemnant(newest) ? FactStanding.Active : FactStanding.Moved,
        Status = null,
        Entries = [],
        UnusedBecause = IsRemnant(newest) ? RemnantReader.Quarantined : null,
        VersionId = null,
    };

    /// <summary>The newest version is in quarantine, and nobody could tell whose the resource is.</summary>
    private static bool IsRemnant(IndexedResource known) => known.Standing == FactStanding.Active && Nobody.Is(known.Patient);

    private static PatientTurnDraft Draft(Dictionary<PatientKey, PatientTurnDraft> turns, PatientKey owner, Arrival? arrival = null)
    {
        if (!turns.TryGetValue(owner, out var draft)) turns[owner] = draft = new PatientTurnDraft();
        if (arrival?.PatientResource is { } resource) (draft.PatientResource, draft.SealedPatient) = (resource, arrival.SealedPatient);
        return draft;
    }

    private async Task Send(PatientKey patient, PatientTurnDraft draft, FactOrigin origin, Admission[] outcome)
    {
        var grain = grains.GetGrain<IPatientGrain>(patient.Value);
        for (var from = 0; from < draft.Facts.Count; from += FactsPerTurnMax)
        {
            var count = Math.Min(FactsPerTurnMax, draft.Facts.Count - from);
            var admissions = await grain.Admit(new AdmitFacts
            {
                Facts = [.. draft.Facts.Skip(from).Take(count)],
                PatientResource = draft.PatientResource,
                SealedPatient = draft.SealedPatient,
                Origin = origin,
            });
            for (var i = 0; i < count; i++)
            {
                var (position, seen) = draft.Positions[from + i];
                if (position >= 0)
                    outcome[position] = admissions[i] == Admission.Created && seen ? Admission.Updated : admissions[i];
            }
        }
    }

    private sealed class PatientTurnDraft
    {
        public List<ArrivedFact> Facts { get; } = [];
        public List<(int Position, bool Seen)> Positions { get; } = [];
        public ResourceKey PatientResource { get; set; }
        public ImmutableArray<byte> SealedPatient { get; set; } = [];

        public void Add(ArrivedFact fact, int position, bool seen)
        {
            Facts.Add(fact);
            Positions.Add((position, seen));
        }
    }
}
