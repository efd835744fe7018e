using System.Collections.Immutable;

namespace HealthMLOps.Clinical;

/// <summary>What a timeline became by admitting facts.</summary>
/// <param name="After">The timeline with the facts; not to be used where <paramref name="MustReplay"/> is set.</param>
/// <param name="Admissions">What became of each fact, in the order given. A resource that bounded memory forgot counts as created.</param>
/// <param name="MustReplay">The bounded memory can't tell the outcome: rebuild with <see cref="Timeline.Of(IEnumerable{Fact}, TimelineBounds?)"/> from the log.</param>
public sealed record TimelineChange(Timeline After, ImmutableArray<Admission> Admissions, bool MustReplay);
