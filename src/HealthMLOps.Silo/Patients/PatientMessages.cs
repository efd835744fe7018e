using System.Collections.Immutable;
using HealthMLOps.Clinical;
using HealthMLOps.Models;

namespace HealthMLOps.Patients;

/// <summary>Facts for one patient, in the order in which they arrived.</summary>
[GenerateSerializer, Immutable, Alias("admit-facts")]
public sealed record AdmitFacts
{
    [Id(0)] public required ImmutableArray<ArrivedFact> Facts { get; init; }

    /// <summary>The patient's own EHR id, sealed, with its resource key.</summary>
    [Id(1)] public required ResourceKey PatientResource { get; init; }
    [Id(2)] public required ImmutableArray<byte> SealedPatient { get; init; }

    /// <summary>Live facts are scored at once; imported history never is.</summary>
    [Id(3)] public required FactOrigin Origin { get; init; }
}

/// <summary>A fact with the sealed id that the vault keeps for it.</summary>
/// <param name="Fact">The fact.</param>
/// <param name="SealedId">The EHR's id of the resource, sealed.</param>
/// <param name="IsNew">The door asked the resource index, and it had never seen the resource.</param>
[GenerateSerializer, Immutable, Alias("arrived-fact")]
public sealed record ArrivedFact([property: Id(0)] Fact Fact, [property: Id(1)] ImmutableArray<byte> SealedId, [property: Id(2)] bool IsNew)
{
    /// <summary>The patient's name for the identity vault, sealed; empty where the resource says none.</summary>
    [Id(3)] public ImmutableArray<byte> SealedName { get; init; } = [];
}

[GenerateSerializer, Alias("fact-origin")]
public enum FactOrigin { Live, History }

/// <summary>A patient's risk, or why there is none.</summary>
[GenerateSerializer, Immutable, Alias("patient-risk")]
public sealed record PatientRisk
{
    /// <summary>False where no resource has ever referred to the patient.</summary>
    [Id(0)] public required bool Known { get; init; }
    [Id(1)] public Prediction? Prediction { get; init; }

    /// <summary>Why there is no prediction at all.</summary>
    [Id(2)] public NoScoreReason? NoScore { get; init; }
    [Id(3)] public string? Detail { get; init; }

    /// <summary>The turn that holds the prediction.</summary>
    [Id(4)] public long Turn { get; init; }

    /// <summary>The inpatient or emergency encounter open at the time, where there is one.</summary>
    [Id(5)] public ResourceKey? Encounter { get; init; }

    /// <summary>The resources behind the inputs.</summary>
    [Id(6)] public ImmutableArray<ResourceKey> Basis { get; init; } = [];

    /// <summary>The unit the patient is in, by the open encounter's location; null = not known.</summary>
    [Id(7)] public string? Unit { get; init; }

    /// <summary>Of a halted version: when the prediction was made that may still stand on a screen, and is withdrawn.</summary>
    [Id(8)] public DateTimeOffset? Withdrawn { get; init; }

    /// <summary>The version in question where there is no prediction.</summary>
    [Id(9)] public ModelVersion? Version { get; init; }

    public override string ToString() => "[patient risk]";
}

/// <param name="Set">Name of the feature set.</param>
/// <param name="AsOf">Cuts effective time; null = now.</param>
/// <param name="KnownAt">Cuts knowledge; null = now.</param>
[GenerateSerializer, Immutable, Alias("feature-question")]
public sealed record FeatureQuestion([property: Id(0)] string Set, [property: Id(1)] DateTimeOffset? AsOf, [property: Id(2)] DateTimeOffset? KnownAt)
{
    public override string ToString() => "[feature question]";
}

[GenerateSerializer, Immutable, Alias("patient-features")]
public sealed record PatientFeatures
{
    [Id(0)] public required string Set { get; init; }
    [Id(1)] public required string SetHash { get; init; }
    [Id(2)] public required DateTimeOffset AsOf { get; init; }
    [Id(3)] public required DateTimeOffset KnownAt { get; init; }
    [Id(4)] public required ImmutableArray<double?> Values { get; init; }
    [Id(5)] public required ImmutableArray<UsedInput> Inputs { get; init; }

    public override string ToString() => "[patient features]";
}

/// <summary>One entry that a feature used, or left out and why.</summary>
[GenerateSerializer, Immutable, Alias("used-input")]
public sealed record UsedInput
{
    [Id(0)] public required string Feature { get; init; }
    [Id(1)] public required ResourceKey Resource { get; init; }
    [Id(2)] public required DateTimeOffset Effective { get; init; }
    [Id(3)] public double? Value { get; init; }
    [Id(4)] public string? Unit { get; init; }
    [Id(5)] public MeasurementFlags Flags { get; init; }
    [Id(6)] public string? LeftOut { get; init; }

    public override string ToString() => "[used input]";
}
