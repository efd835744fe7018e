using System.Text.Json;
using HealthMLOps.Clinical;
using HealthMLOps.Hosting;
using HealthMLOps.Patients;
using HealthMLOps.Privacy;

namespace HealthMLOps.Intake;

/// <summary>Takes entries as they came over the wire all the way: read, admitted durably or quarantined durably, and answered one by one.</summary>
public sealed class Ingest(SourceBook sources, IntakeDoor door, QuarantineDesk quarantine, IdentityKeys keys, ClinicalClock clock)
{
    /// <summary>Takes entries in order. When it returns, each is durable: as facts, or in quarantine.</summary>
    public async Task<EntryResult[]> Take(SourceName source, IReadOnlyList<IngestEntry> entries, FactOrigin origin, CancellationToken cancellation)
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
        await quarantine.Keep(source, entries, results, cancellation);
        if (arrivals.Count > 0)
        {
            var admissions = await door.Admit(arrivals, origin, cancellation);
            for (var i = 0; i < arrivals.Count; i++)
                results[positions[i]] = ((EntryResult.Stored)results[positions[i]]) with { Admission = admissions[i] };
        }
        IntakeMetrics.Count(source, results);
        return results;
    }

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
        switch (reader.Read(resource, clockKind, recorded, entry.Scope, entry.Id))
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
                };
            case ReadResource.Refused or ReadResource.Unused when Retraction.Of(resource, entry.Id, source, keys, recorded) is { } withdrawn:
                result = new EntryResult.Stored(withdrawn.Type, withdrawn.Id, withdrawn.Arrival.Fact.VersionId, Admission.Created);
                return withdrawn.Arrival;
            case ReadResource.Unused(var type):
                result = new EntryResult.Unused(type);
                return null;
            case ReadResource.Refused refused:
                result = new EntryResult.Refused(refused);
                return null;
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
            Version = new ResourceVersion((entry.ChangedAt ?? recorded).UtcTicks, 0, 0),
            Standing = FactStanding.Deleted,
            Recorded = recorded,
            Available = recorded,
        },
        SealedId = [.. keys.Seal(source, entry.Type!, entry.Id!)],
        IsUntimedDelete = entry.ChangedAt is null,
    };
}

/// <summary>One thing to take in: a resource, or a delete (no resource).</summary>
public sealed record IngestEntry
{
    public JsonElement? Resource { get; init; }

    /// <summary>From the request or the entry's URL; required for a delete.</summary>
    public string? Type { get; init; }
    public string? Id { get; init; }
    public ReferenceScope Scope { get; init; } = ReferenceScope.Empty;

    /// <summary>When the EHR says that it deleted the resource; null = now.</summary>
    public DateTimeOffset? ChangedAt { get; init; }

    /// <summary>What was wrong before the resource could be read; the entry is quarantined as it is.</summary>
    public ReadResource.Refused? Problem { get; init; }

    /// <summary>The bytes as they came, where there is no resource to quarantine.</summary>
    public ReadOnlyMemory<byte> Raw { get; init; }
}

/// <summary>What became of one entry.</summary>
public abstract record EntryResult
{
    private EntryResult() { }

    /// <summary>Durable as facts.</summary>
    public sealed record Stored(string Type, string Id, string? VersionId, Admission Admission) : EntryResult
    {
        public bool IsDelete { get; init; }
    }

    /// <summary>Accepted, and of no use to any model.</summary>
    public sealed record Unused(string Type) : EntryResult;

    /// <summary>Kept in quarantine.</summary>
    public sealed record Refused(ReadResource.Refused Why) : EntryResult;
}
