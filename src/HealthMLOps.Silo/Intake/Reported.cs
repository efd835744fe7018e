using System.Collections.Immutable;
using HealthMLOps.Clinical;

namespace HealthMLOps.Intake;

/// <summary>What the reader of one type makes of a resource; the rest of the fact is the same for all types.</summary>
/// <param name="Subject">The patient; null where the resource is about none.</param>
internal sealed record Reported(ResolvedReference? Subject, string? Status)
{
    public FactStanding Standing { get; init; } = FactStanding.Active;
    public ImmutableArray<Entry> Entries { get; init; } = [];
    public string? UnusedBecause { get; init; }
    public ResourceKey? Encounter { get; init; }
    public ImmutableArray<PatientLink> Links { get; init; } = [];
    public bool? PatientActive { get; init; }

    /// <summary>Withdrawn: entered in error.</summary>
    public Reported Retracted() => this with { Standing = FactStanding.Retracted, Entries = [], UnusedBecause = null };

    /// <summary>Stands, but says nothing that a feature may use.</summary>
    public Reported Unused(string because) => this with { Entries = [], UnusedBecause = because };

    public override string ToString() => "[reported]";
}
