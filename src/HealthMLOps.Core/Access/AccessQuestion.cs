using System.Collections.Immutable;
using HealthMLOps.Clinical;

namespace HealthMLOps.Access;

/// <summary>What somebody asks to do, as far as it is known before anything is looked up.</summary>
/// <param name="Permission">What the route needs.</param>
public sealed record AccessQuestion(Permission Permission)
{
    /// <summary>The source that the request is about; null = none in particular.</summary>
    public SourceName? Source { get; init; }

    /// <summary>What a scoped token must cover.</summary>
    public ImmutableArray<ScopeNeed> Needs { get; init; } = [];
}
