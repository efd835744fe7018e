using System.Collections.Immutable;

namespace HealthMLOps.Clinical;

/// <summary>One version of one FHIR resource as pseudonymous facts: what the log keeps and the timeline is made of.</summary>
[GenerateSerializer, Immutable, Alias("fact")]
public sealed record Fact
{
    [Id(0)] public required ResourceKey Resource { get; init; }
    [Id(1)] public required string ResourceType { get; init; }

    [Id(2)] public required SourceName Source { get; init; }
    [Id(3)] public required ResourceVersion Version { get; init; }
    [Id(4)] public required FactStanding Standing { get; init; }

    /// <summary>The resource's FHIR status code; null where the type has none.</summary>
    [Id(5)] public string? Status { get; init; }

    /// <summary>When it arrived here. With the log position, the only clock of replay.</summary>
    [Id(6)] public required DateTimeOffset Recorded { get; init; }

    /// <summary>When this version could have been known: <see cref="Recorded"/> for live facts, by type for imported history; null = never usable for training.</summary>
    [Id(7)] public required DateTimeOffset? Available { get; init; }

    /// <summary>What this version says; empty for retractions and for versions that can't be used.</summary>
    [Id(8)] public ImmutableArray<Entry> Entries { get; init; } = [];

    /// <summary>Why an active version has no entries, as a short code ("status-registered"); null where it has some.</summary>
    [Id(9)] public string? UnusedBecause { get; init; }

    /// <summary>The encounter it belongs to, where the resource names one.</summary>
    [Id(10)] public ResourceKey? Encounter { get; init; }

    /// <summary>The versionId as sent, to quote in answers; null where none was sent.</summary>
    [Id(11)] public string? VersionId { get; init; }

    /// <summary>Its place among versions is when it first arrived, which was before <see cref="Recorded"/>: it waited in quarantine.</summary>
    [Id(12)] public bool IsOrderedByFirstArrival { get; init; }

    /// <summary>The EHR sent neither version nor time of change: arrival orders it, and only its content tells a repeat.</summary>
    public bool IsUnversioned() =>
        VersionId is null && Version.Number == 0 && (IsOrderedByFirstArrival || Version.LastUpdatedTicks == Recorded.UtcTicks);

    public override string ToString() => "[fact]";
}

/// <summary>Whether a version of a resource stands.</summary>
[GenerateSerializer, Alias("fact-standing")]
public enum FactStanding
{
    Active,
    /// <summary>Entered in error: everything derived from it is withdrawn.</summary>
    Retracted,
    Deleted,
    /// <summary>The resource now belongs to another patient.</summary>
    Moved,
}
