using System.Collections.Immutable;
using HealthMLOps.Models;

namespace HealthMLOps.Rings;

/// <summary>Where one version stands in its model's rollout.</summary>
[GenerateSerializer, Immutable, Alias("placement")]
public sealed record Placement
{
    [Id(0)] public required ModelVersion Version { get; init; }

    /// <summary>SHA-256 of the package that was approved, lower-case hexadecimal.</summary>
    [Id(1)] public required string PackageDigest { get; init; }
    [Id(2)] public required RingStage Stage { get; init; }

    /// <summary>Units whose patients it is shown for, in order; empty = every unit (production alone).</summary>
    [Id(3)] public ImmutableArray<string> Units { get; init; } = [];

    /// <summary>Since when it has stood in this ring.</summary>
    [Id(4)] public required DateTimeOffset Since { get; init; }

    /// <summary>Digest of the proposal that put it here: the signatures are over it.</summary>
    [Id(5)] public required string Approval { get; init; }

    /// <summary>Whether it may be shown for a patient in this unit. An unknown unit is in no canary's units.</summary>
    public bool IsShownIn(string? unit) => Stage switch
    {
        RingStage.Production => Units.IsEmpty || (unit is not null && Units.Contains(unit)),
        RingStage.Canary => unit is not null && Units.Contains(unit),
        _ => false,
    };

    /// <summary>One line that says all of it, for digests.</summary>
    public string Canonical() =>
        $"{Version} {Stage} [{string.Join(',', Units)}] {PackageDigest} {Since.UtcTicks.ToString(System.Globalization.CultureInfo.InvariantCulture)} {Approval}";
}
