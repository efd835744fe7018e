namespace HealthMLOps.Rings;

/// <summary>What was measured for a criterion: a value, how many it is from, and its 95 % interval.</summary>
/// <param name="Value">The point estimate, or the number itself where nothing is estimated.</param>
/// <param name="Low">The interval's lower end; equal to the value where nothing is estimated.</param>
/// <param name="High">The interval's upper end.</param>
/// <param name="N">From how many; 1 where nothing is estimated.</param>
/// <param name="Source">Where it comes from, by our own name ("package 3f2a…", "drill-7").</param>
[GenerateSerializer, Immutable, Alias("gate-measurement")]
public sealed record GateMeasurement(
    [property: Id(0)] double Value, [property: Id(1)] double Low, [property: Id(2)] double High, [property: Id(3)] long N, [property: Id(4)] string Source);

/// <summary>One criterion's answer at a gate. Only <see cref="GateVerdict.Within"/> passes.</summary>
/// <param name="Criterion">Its name in the policy.</param>
/// <param name="Verdict">The whole interval within the bound, the whole interval beyond it, or neither.</param>
/// <param name="Measured">null = not measured, which is inconclusive.</param>
/// <param name="Bound">The bound, as a person reads it ("at least 0.75").</param>
[GenerateSerializer, Immutable, Alias("gate-evidence")]
public sealed record GateEvidence(
    [property: Id(0)] string Criterion, [property: Id(1)] GateVerdict Verdict, [property: Id(2)] GateMeasurement? Measured, [property: Id(3)] string Bound);

[GenerateSerializer, Alias("gate-verdict")]
public enum GateVerdict { Inconclusive, Within, Breach }
