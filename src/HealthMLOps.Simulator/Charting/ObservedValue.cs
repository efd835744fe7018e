namespace HealthMLOps.Simulation.Charting;

/// <summary>What an observation says: a number with a unit, a code, or that there is none.</summary>
internal abstract record ObservedValue;

/// <param name="Comparator">"&lt;" or "&gt;" where the instrument only knows a bound; null for an exact number.</param>
internal sealed record Measured(decimal Number, Unit Unit, string? Comparator = null) : ObservedValue;

internal sealed record CodedAnswer(Code Code) : ObservedValue;

/// <param name="Reason">A code of data-absent-reason.</param>
internal sealed record Absent(string Reason) : ObservedValue;

internal sealed record ObservedComponent(Code Code, ObservedValue Value);
