using HealthMLOps.Audit;
using HealthMLOps.Clinical;

namespace HealthMLOps.Storage;

/// <summary>One silo incarnation as a writer of the log. Dense from 1.</summary>
public readonly record struct WriterId(long Value);

/// <param name="Writer">The writer.</param>
/// <param name="SiloAddress">The Orleans silo address that it belonged to.</param>
/// <param name="LastSequence">Its highest committed sequence.</param>
/// <param name="Fenced">No further append of it can commit.</param>
public sealed record WriterState(WriterId Writer, string SiloAddress, long LastSequence, bool Fenced);

/// <summary>One row to append: (patient, number) is unique and number = last + 1.</summary>
/// <param name="Patient">Whose turn it is.</param>
/// <param name="Number">The patient's dense number of this turn, from 1.</param>
/// <param name="Recorded">When the turn was made.</param>
/// <param name="Payload">The encoded turn.</param>
/// <param name="Resources">Index rows; each is written only if its version is newer than what the index holds.</param>
/// <param name="Outbox">Work that must happen elsewhere after this commit (for example a retraction at a resource's former patient).</param>
public sealed record PatientAppend(
    PatientKey Patient, long Number, DateTimeOffset Recorded, byte[] Payload,
    IReadOnlyList<IndexedResource> Resources, IReadOnlyList<OutboxEntry> Outbox)
{
    /// <summary>The patient's data key, wrapped, where this is the first turn that it seals: it commits with it.</summary>
    public byte[]? NewKey { get; init; }
}

/// <summary>Where a resource stands: whose it is, its newest version, and the EHR's own id, sealed.</summary>
/// <param name="Resource">Keyed pseudonym of (source, type, id).</param>
/// <param name="Patient">The patient that it belongs to.</param>
/// <param name="Version">The newest version seen; default for a patient that was only referred to.</param>
/// <param name="Standing">Whether that version stands.</param>
/// <param name="SealedId">"Type/id" encrypted (see <see cref="Privacy.IdentityKeys"/>): the identity vault that authorised answers open.</param>
public sealed record IndexedResource(
    ResourceKey Resource, PatientKey Patient, ResourceVersion Version, FactStanding Standing, byte[] SealedId)
{
    /// <summary>On the way in: the index was asked for the resource and had never seen it. Spares the log a second look.</summary>
    public bool IsNew { get; init; }
}

public sealed record OutboxEntry(string Kind, byte[] Payload);

public sealed record OutboxItem(long Id, string Kind, byte[] Payload);

public abstract record AppendResult
{
    private AppendResult() { }

    public sealed record Committed(long Sequence) : AppendResult;

    public sealed record Lost : AppendResult;
}

/// <param name="Patient">Whose turn it is.</param>
/// <param name="Number">The patient's number of this turn.</param>
/// <param name="Writer">Who appended it.</param>
/// <param name="Sequence">The writer's sequence of it.</param>
/// <param name="Recorded">When the turn was made.</param>
/// <param name="Payload">The encoded turn.</param>
public sealed record StoredTurn(PatientKey Patient, long Number, WriterId Writer, long Sequence, DateTimeOffset Recorded, byte[] Payload)
{
    /// <summary>On the way in: the patient's wrapped key, where it commits with this turn.</summary>
    public byte[]? NewKey { get; init; }
}

/// <param name="Patient">Whose state it is.</param>
/// <param name="Number">The number of the last turn that it contains.</param>
/// <param name="Payload">The encoded state.</param>
public sealed record StoredSnapshot(PatientKey Patient, long Number, byte[] Payload);

/// <summary>An entry on its way into the record.</summary>
/// <param name="Entry">What was done; its payload is not looked at.</param>
/// <param name="Commitment">SHA-256(salt ‖ payload), or null.</param>
/// <param name="SealedPayload">Salt and payload, sealed; kept beside the event. Null with <paramref name="Commitment"/>.</param>
public sealed record AuditAppend(AuditEntry Entry, byte[]? Commitment, byte[]? SealedPayload);

/// <param name="Event">The event, in its place.</param>
/// <param name="Digest">Its leaf's digest, from which the writer's next event follows.</param>
/// <param name="SealedPayload">As it was appended; null where there is none.</param>
public sealed record StoredAudit(AuditEvent Event, byte[] Digest, byte[]? SealedPayload);

public sealed record LogStatistics(long Turns, long Patients, long Resources, long PayloadBytes);
