namespace HealthMLOps.Models;

/// <summary>How much one feature moved one patient's score.</summary>
/// <param name="Feature">The feature's name.</param>
/// <param name="Value">What the patient had; null = missing.</param>
/// <param name="Reference">What it was compared with: the median in training; null = missing.</param>
/// <param name="Change">The score, less the score with this feature alone set to <paramref name="Reference"/>. Above 0: the value raised the risk.</param>
/// <remarks>Occlusion, one feature at a time. The changes of correlated features overlap, so they need not add up to the score.</remarks>
[GenerateSerializer, Immutable, Alias("contribution")]
public sealed record Contribution(
    [property: Id(0)] string Feature, [property: Id(1)] double? Value, [property: Id(2)] double? Reference, [property: Id(3)] double Change)
{
    public override string ToString() => "[contribution]";
}
