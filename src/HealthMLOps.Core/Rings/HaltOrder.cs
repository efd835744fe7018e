using System.Collections.Immutable;

namespace HealthMLOps.Rings;

/// <summary>A stop that stands until two persons have lifted it.</summary>
[GenerateSerializer, Immutable, Alias("halt-order")]
public sealed record HaltOrder
{
    [Id(0)] public required string Id { get; init; }
    [Id(1)] public required HaltScope Scope { get; init; }

    /// <summary>The one person who stopped.</summary>
    [Id(2)] public required string By { get; init; }
    [Id(3)] public required DateTimeOffset At { get; init; }

    /// <summary>In the person's own words, sealed (<c>SealedText</c>): the order travels through the plan, the grains and the database.</summary>
    [Id(4)] public required string Reason { get; init; }

    /// <summary>The first of two persons has asked to start again; null = nobody has.</summary>
    [Id(5)] public RestartAsk? Ask { get; init; }

    public override string ToString() => "[halt order]";
}

/// <param name="By">The person who asked.</param>
/// <param name="At">When.</param>
/// <param name="Confirmed">The checklist's items, all confirmed.</param>
/// <param name="Roles">The asker's roles at that time, by name; the default where an older silo wrote the ask.</param>
[GenerateSerializer, Immutable, Alias("restart-ask")]
public sealed record RestartAsk(
    [property: Id(0)] string By, [property: Id(1)] DateTimeOffset At, [property: Id(2)] ImmutableArray<string> Confirmed, [property: Id(3)] ImmutableArray<string> Roles)
{
    public override string ToString() => "[restart ask]";
}
