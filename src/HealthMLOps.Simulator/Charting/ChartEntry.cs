namespace HealthMLOps.Simulation.Charting;

/// <summary>One version of one resource in a patient's chart: what the EHR knows from <see cref="LastUpdated"/> on.</summary>
internal abstract record ChartEntry
{
    public required string PatientId { get; init; }
    public required string Id { get; init; }
    public int Version { get; init; } = 1;
    public required DateTimeOffset LastUpdated { get; init; }
    public abstract string ResourceType { get; }
}

internal sealed record PatientEntry : ChartEntry
{
    public override string ResourceType => "Patient";
    public required Wards.Person Person { get; init; }
    public DateTimeOffset? Deceased { get; init; }
}

internal sealed record CoverageEntry : ChartEntry
{
    public override string ResourceType => "Coverage";
    public required Code Kind { get; init; }
    public required string Payor { get; init; }
    public required DateTimeOffset From { get; init; }
}

internal sealed record EncounterEntry : ChartEntry
{
    public override string ResourceType => "Encounter";
    public required string Class { get; init; }
    public required string Status { get; init; }
    public required DateTimeOffset Start { get; init; }
    public DateTimeOffset? End { get; init; }
    public IReadOnlyList<ClassPhase> ClassHistory { get; init; } = [];
    public IReadOnlyList<LocationPhase> Locations { get; init; } = [];
    public string? PartOf { get; init; }
    public string? AdmitSource { get; init; }
    public string? Disposition { get; init; }
    public EncounterOrigin Origin { get; init; }
    public Code? Reason { get; init; }
    public string? DiagnosisId { get; init; }
}

internal enum EncounterOrigin { First, Readmission }

internal sealed record ClassPhase(string Class, DateTimeOffset From, DateTimeOffset? To);

internal sealed record LocationPhase(Wards.Ward Ward, int Bed, DateTimeOffset From, DateTimeOffset? To);

internal sealed record ConditionEntry : ChartEntry
{
    public override string ResourceType => "Condition";
    public required string Category { get; init; }
    public required IReadOnlyList<Code> Codings { get; init; }
    public required DateTimeOffset Recorded { get; init; }
    public DateTimeOffset? Onset { get; init; }
    public string? EncounterId { get; init; }
}

internal sealed record ObservationEntry : ChartEntry
{
    public override string ResourceType => "Observation";
    public required string EncounterId { get; init; }
    public required string Status { get; init; }
    public required ObservationKind Kind { get; init; }
    public required DateTimeOffset Effective { get; init; }
    public DateTimeOffset? Issued { get; init; }

    /// <summary>The value; null for a panel, which has components.</summary>
    public ObservedValue? Value { get; init; }
    public IReadOnlyList<ObservedComponent> Components { get; init; } = [];
}

internal sealed record ServiceRequestEntry : ChartEntry
{
    public override string ResourceType => "ServiceRequest";
    public required string EncounterId { get; init; }
    public required string Status { get; init; }
    public required IReadOnlyList<Code> Codings { get; init; }
    public required DateTimeOffset Authored { get; init; }
}

internal sealed record MedicationRequestEntry : ChartEntry
{
    public override string ResourceType => "MedicationRequest";
    
    /// <summary>Null for what is taken at home.</summary>
    public string? EncounterId { get; init; }
    public required string Status { get; init; }
    public required Drug Drug { get; init; }
    public required DateTimeOffset Authored { get; init; }
}

internal sealed record MedicationAdministrationEntry : ChartEntry
{
    public override string ResourceType => "MedicationAdministration";
    public required string EncounterId { get; init; }
    public required string RequestId { get; init; }
    public required Drug Drug { get; init; }
    public required DateTimeOffset Effective { get; init; }
}

internal sealed record ProcedureEntry : ChartEntry
{
    public override string ResourceType => "Procedure";
    public required string EncounterId { get; init; }
    public required IReadOnlyList<Code> Codings { get; init; }
    public required DateTimeOffset From { get; init; }
    public required DateTimeOffset To { get; init; }
}
