using HealthMLOps.Clinical;
using HealthMLOps.Hosting;
using HealthMLOps.Patients;
using HealthMLOps.Privacy;

namespace HealthMLOps.Intake;

/// <summary>Takes entries as they came over the wire all the way: read, admitted durably or quarantined durably, and answered one by one.</summary>
public sealed class Ingest(SourceBook sources, IntakeDoor door, QuarantineDesk quarantine, IdentityKeys keys, IdentityVault vault, ClinicalClock clock)
{
    /// <summary>Takes entries in order. When it returns, each is durable: as facts, or in quarantine.</summary>
    public Task<EntryResult[]> Take(SourceName source, IReadOnlyList<IngestEntry> entries, FactOrigin origin, CancellationToken cancellation) =>
        Take(source, entries, origin, refused => quarantine.Keep(source, origin, entries, refused, cancellation), cancellation);

    /// <summary>Takes entries out of quarantine: what is refused again stays there as it is.</summary>
    public Task<EntryResult[]> TakeAgain(SourceName source, IReadOnlyList<IngestEntry> entries, FactOrigin origin, CancellationToken cancellation) =>
        Take(source, entries, origin, _ => Task.CompletedTask, cancellation);

    private async Task<EntryResult[]> Take(
        SourceName source, IReadOnlyList<IngestEntry> entries, FactOrigin origin, Func<EntryResult[], Task> keepRefused, CancellationToken cancellation)
    {
        var reader = sources.Reader(source);
        var recorded = clock.Now;
        var results = new EntryResult[entries.Count];
        var arrivals = new List<Arrival>(entries.Count);
        var positions = new List<int>(entries.Count);
        for (var i = 0; i < entries.Count; i++)
        {
            if (Read(reader, source, entries[i], origin, recorded, out results[i]) is not { } arrival) continue;
            arrivals.Add(arrival);
            positions.Add(i);
        }
        await keepRefused(results);
        if (arrivals.Count > 0)
        {
            var admissions = await door.Admit(arrivals, origin, cancellation);
            for (var i = 0; i < arrivals.Count; i++)
                results[positions[i]] = Admitted(results[positions[i]], admissions[i]);
        }
        IntakeMetrics.Count(source, results);
        return results;
    }

    private static EntryResult Admitted(EntryResult read, Admission admission) =>
        admission == Admission.Erased ? new EntryResult.Refused(new ReadResource.Refused(
            RefusalCodes.Erased, "", "The patient's record was erased on request; nothing is taken for them, and this was not kept."))
        : read is EntryResult.Stored stored ? stored with { Admission = admission } : read;

    private Arrival? Read(
        ResourceReader reader, SourceName source, IngestEntry entry, FactOrigin origin, DateTimeOffset recorded, out EntryResult result)
    {
        if (entry.Problem is { } problem)
        {
            result = new EntryResult.Refused(problem);
            return null;
        }
        if (entry.Resource is not { } resource)
        {
            result = new EntryResult.Stored(entry.Type!, entry.Id!, null, Admission.Created) { IsDelete = true };
            return Deleted(source, entry, recorded);
        }
        var clockKind = origin == FactOrigin.Live ? ReadClock.Live : ReadClock.History;
        switch (reader.Read(resource, clockKind, recorded, entry.Scope, entry.Id, entry.FirstArrived))
        {
            case ReadResource.Used(var used):
                result = new EntryResult.Stored(used.Fact.ResourceType, used.Id, used.Fact.VersionId, Admission.Created);
                return new Arrival
                {
                    Fact = used.Fact,
                    SealedId = [.. used.SealedId],
                    Patient = used.Patient,
                    PatientResource = keys.Resource(source, "Patient", used.PatientId),
                    SealedPatient = [.. used.SealedPatient],
                    SealedName = used.Fact.ResourceType == "Patient" && NameReader.Read(resource) is { } name ? [.. vault.Seal(name)] : [],
                };
            case ReadResource.Refused or ReadResource.Unused when reader.Remnant(resource, entry, clockKind, recorded) is { IsWithdrawal: true } withdrawn:
                result = new EntryResult.Stored(withdrawn.Arrival.Fact.ResourceType, withdrawn.Id, withdrawn.Arrival.Fact.VersionId, Admission.Created);
                return withdrawn.Arrival;
            case ReadResource.Unused(var type):
                result = new EntryResult.Unused(type);
                return null;
            case ReadResource.Refused refused:
                result = new EntryResult.Refused(refused);
                return reader.Remnant(resource, entry, clockKind, recorded)?.Arrival;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }

    private Arrival Deleted(SourceName source, IngestEntry entry, DateTimeOffset recorded) => new()
    {
        Fact = new Fact
        {
            Resource = keys.Resource(source, entry.Type!, entry.Id!),
            ResourceType = entry.Type!,
            Source = source,
            Version = new ResourceVersion((entry.ChangedAt ?? entry.FirstArrived ?? recorded).UtcTicks, 0, 0),
            Standing = FactStanding.Deleted,
            Recorded = recorded,
            Available = recorded,
        },
        SealedId = [.. keys.Seal(source, entry.Type!, entry.Id!)],
        IsUntimedDelete = entry.ChangedAt is null && entry.FirstArrived is null,
    };
}
