namespace HealthMLOps.Clinical;

/// <summary>A code of a code system, such as (<see cref="CodeSystems.Loinc"/>, "8867-4").</summary>
/// <param name="System">A short name of <see cref="CodeSystems"/> for the systems we know, else the system's URI.</param>
/// <param name="Code">The code as the system spells it; ICD codes without the dot.</param>
[GenerateSerializer, Immutable, Alias("coding")]
public sealed record Coding([property: Id(0)] string System, [property: Id(1)] string Code);
