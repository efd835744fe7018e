using System.Collections.Immutable;
using HealthMLOps.Clinical;
using HealthMLOps.Models;

namespace HealthMLOps.Patients;

/// <summary>One append to the log: all facts that a patient's turn admitted and the predictions that they caused.</summary>
[GenerateSerializer, Immutable, Alias("patient-turn")]
public sealed record PatientTurn
{
    [Id(0)] public required DateTimeOffset Recorded { get; init; }
    [Id(1)] public required ImmutableArray<Fact> Facts { get; init; }
    [Id(2)] public ImmutableArray<Prediction> Predictions { get; init; } = [];
}
