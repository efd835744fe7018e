using System.Collections.Immutable;

namespace HealthMLOps.Intake;

/// <summary>A bundle's entries in order, and what references mean among them.</summary>
/// <param name="Type">batch, transaction, collection, history, message, searchset or document.</param>
public sealed record ReadBundle(string Type, ImmutableArray<BundleEntry> Entries, ReferenceScope Scope);
