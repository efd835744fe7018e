using System.Collections.Immutable;
using HealthMLOps.Clinical;
using HealthMLOps.Privacy;

namespace HealthMLOps.Intake;

/// <summary>A fact together with the EHR's own names for it. Identified: only Intake and Privacy may hold it, and only until it is committed.</summary>
public sealed record IdentifiedFact
{
    /// <summary>The patient's id at the EHR.</summary>
    public required Phi PatientId { get; init; }

    public required PatientKey Patient { get; init; }

    /// <summary>The patient's id for the identity vault.</summary>
    public required byte[] SealedPatient { get; init; }

    /// <summary>The resource's id at the EHR.</summary>
    public required Phi Id { get; init; }

    /// <summary>The resource's id for the identity vault.</summary>
    public required byte[] SealedId { get; init; }

    /// <summary>What goes on from here: pseudonymous.</summary>
    public required Fact Fact { get; init; }

    /// <summary>Other records of the same person that a Patient resource names.</summary>
    public ImmutableArray<PatientLink> Links { get; init; } = [];

    /// <summary><c>Patient.active</c>; null for other types and where it was not sent.</summary>
    public bool? PatientActive { get; init; }

    /// <summary>Tells nothing, so that an EHR id can't slip into a log line.</summary>
    public override string ToString() => "[identified fact]";
}
