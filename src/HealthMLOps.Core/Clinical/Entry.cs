using System.Collections.Immutable;

namespace HealthMLOps.Clinical;

/// <summary>One thing that a resource says happened, with the two clocks by which it may be used.</summary>
/// <remarks>
/// A resource with parts that become known at different times gives several entries: an Encounter's admission is known at
/// its start, its disposition only at its end. Training that cuts by <see cref="Available"/> then can't see the future.
/// </remarks>
[GenerateSerializer, Immutable, Alias("entry")]
public abstract record Entry
{
    /// <summary>When it was true of the patient.</summary>
    [Id(0)] public required DateTimeOffset Effective { get; init; }

    /// <summary>When a clinician could have known it; <see cref="DateTimeOffset.MinValue"/> = always; null = unknown, so never usable for training.</summary>
    [Id(1)] public required DateTimeOffset? Available { get; init; }

    public sealed override string ToString() => $"[{GetType().Name}]";
}

/// <summary>An observed value: one vital sign, one laboratory result, one component of a panel.</summary>
[GenerateSerializer, Immutable, Alias("measurement")]
public sealed record Measurement : Entry
{
    /// <summary>Every coding of what was observed; any may match a concept.</summary>
    [Id(0)] public required ImmutableArray<Coding> Codes { get; init; }

    /// <summary>The number in <see cref="Unit"/>; null where the value is coded or absent.</summary>
    [Id(1)] public double? Value { get; init; }

    /// <summary>UCUM code of <see cref="Value"/>: the concept's canonical unit where the catalogue knows the concept, else as sent.</summary>
    [Id(2)] public string? Unit { get; init; }

    /// <summary>The codings of a coded value; empty where the value is a number or absent.</summary>
    [Id(3)] public ImmutableArray<Coding> CodedValue { get; init; } = [];

    [Id(4)] public MeasurementFlags Flags { get; init; }

    /// <summary>Why there is no value, as the EHR coded it (for example "unknown"); null where there is one.</summary>
    [Id(5)] public string? AbsentReason { get; init; }

    /// <summary>The catalogue concept that a coding matched (for example "heart-rate"), or null.</summary>
    [Id(6)] public string? Concept { get; init; }
}

/// <summary>What must be said of a measurement beside its value.</summary>
[Flags, GenerateSerializer, Alias("measurement-flags")]
public enum MeasurementFlags
{
    None = 0,

    /// <summary>Outside the concept's plausible limits: kept and shown, left out of features unless the feature says otherwise.</summary>
    Implausible = 1,

    LessThan = 2, LessOrEqual = 4, GreaterOrEqual = 8, GreaterThan = 16,

    /// <summary>The status was preliminary.</summary>
    Preliminary = 32,
}

/// <summary>A problem, drug, order, procedure or cover: it begins, it may end, or it is a point in time.</summary>
[GenerateSerializer, Immutable, Alias("clinical-event")]
public sealed record ClinicalEvent : Entry
{
    [Id(0)] public required ClinicalEventKind Kind { get; init; }
    [Id(1)] public required EventPhase Phase { get; init; }
    [Id(2)] public required ImmutableArray<Coding> Codes { get; init; }

    /// <summary>Category codes, such as "problem-list-item" or "encounter-diagnosis"; empty where none was sent.</summary>
    [Id(3)] public ImmutableArray<string> Categories { get; init; } = [];

    /// <summary>The dose of a medication given, in <see cref="DoseUnit"/>.</summary>
    [Id(4)] public double? Dose { get; init; }
    [Id(5)] public string? DoseUnit { get; init; }
}

[GenerateSerializer, Alias("clinical-event-kind")]
public enum ClinicalEventKind { Condition, MedicationOrder, MedicationGiven, ServiceOrder, Procedure, Coverage }

[GenerateSerializer, Alias("event-phase")]
public enum EventPhase
{
    /// <summary>Happened at one time.</summary>
    Point,
    /// <summary>Is so from here on, until an <see cref="End"/> of the same resource.</summary>
    Start,
    End,
}

/// <summary>One step of a stay or visit: admission, a change of class or place, discharge.</summary>
[GenerateSerializer, Immutable, Alias("encounter-event")]
public sealed record EncounterEvent : Entry
{
    [Id(0)] public required EncounterStep Step { get; init; }

    /// <summary>The v3 ActCode class from here on ("IMP", "EMER", "AMB"); null where this step does not change it.</summary>
    [Id(1)] public string? Class { get; init; }

    /// <summary>The unit from here on: a unit name of the source's configuration, or a surrogate <c>loc-…</c>; null where this step does not change it.</summary>
    [Id(2)] public string? Unit { get; init; }

    /// <summary>Discharge disposition code ("exp", "home"); only at discharge.</summary>
    [Id(3)] public string? Disposition { get; init; }
}

[GenerateSerializer, Alias("encounter-step")]
public enum EncounterStep { Admitted, ClassChanged, Moved, Discharged }

/// <summary>Who the patient is, as far as models and fairness slices may know.</summary>
[GenerateSerializer, Immutable, Alias("demographics")]
public sealed record Demographics : Entry
{
    [Id(0)] public PartialDate? Birth { get; init; }

    /// <summary>Administrative gender: male, female, other, unknown; null where not sent.</summary>
    [Id(1)] public string? Sex { get; init; }

    /// <summary>OMB race category codes; for fairness slices, not silently for inputs.</summary>
    [Id(2)] public ImmutableArray<string> Race { get; init; } = [];

    /// <summary>OMB ethnicity category code.</summary>
    [Id(3)] public string? Ethnicity { get; init; }
}

/// <summary>The patient died at <see cref="Entry.Effective"/>.</summary>
[GenerateSerializer, Immutable, Alias("death")]
public sealed record Death : Entry;
