using System.Collections.Immutable;
using HealthMLOps.Clinical;

namespace HealthMLOps.Intake;

/// <summary>One resource version at the door: its fact, and whose it is as far as the wire says.</summary>
public sealed record Arrival
{
    public required Fact Fact { get; init; }

    /// <summary>The EHR's id of the resource, sealed.</summary>
    public required ImmutableArray<byte> SealedId { get; init; }

    /// <summary>A delete that came without the time at which the EHR deleted.</summary>
    public bool IsUntimedDelete { get; init; }

    /// <summary>The patient it names; null for a delete, which names none.</summary>
    public PatientKey? Patient { get; init; }
    public ResourceKey? PatientResource { get; init; }
    public ImmutableArray<byte> SealedPatient { get; init; } = [];

    /// <summary>The patient's name, sealed; empty where the resource says none.</summary>
    public ImmutableArray<byte> SealedName { get; init; } = [];
}
