using System.Collections.Immutable;

namespace HealthMLOps.Intake;

/// <summary>What a notification carries of its events.</summary>
/// <param name="Events">In the order sent, which need not be ascending.</param>
/// <param name="Entries">Resources and deletes that came with them; resources of one event are not told apart.</param>
/// <param name="Scope">What references mean among the entries.</param>
public sealed record EventContent(ContentLevel Level, ImmutableArray<NotifiedEvent> Events, ImmutableArray<BundleEntry> Entries, ReferenceScope Scope);
