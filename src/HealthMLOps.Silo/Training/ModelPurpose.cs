using System.Collections.Immutable;
using HealthMLOps.Models;

namespace HealthMLOps.Training;

/// <summary>What a model is for and how its score is read, as data (<c>config/models/*.json</c>). Becomes the contract of what is trained for it.</summary>
public sealed record ModelPurpose
{
    public required string Model { get; init; }
    public required IntendedUse IntendedUse { get; init; }
    public required ImmutableArray<RiskBand> Bands { get; init; }
    public required double Threshold { get; init; }
    public ImmutableArray<string> Required { get; init; } = [];
    public double PresentShareMin { get; init; }
    public TimeSpan? InputAgeMax { get; init; }
    public TimeSpan ValidFor { get; init; } = TimeSpan.FromMinutes(15);
}
