using System.Collections.Immutable;
using HealthMLOps.Clinical;

namespace HealthMLOps.Features;

/// <summary>How one feature came by its value.</summary>
/// <param name="Feature">The feature's name.</param>
/// <param name="Value">Its value, as in the vector.</param>
/// <param name="Imputed">What stood in for a missing value; null where nothing did.</param>
/// <param name="Used">The entries behind the value, oldest first, the newest <see cref="FeatureExplanation.EntriesMax"/>.</param>
/// <param name="LeftOut">Entries of the window that do not count, likewise.</param>
public sealed record FeatureInput(
    string Feature, double? Value, Imputation? Imputed, ImmutableArray<InputEntry> Used, ImmutableArray<LeftOutEntry> LeftOut);

/// <summary>One entry behind a feature.</summary>
/// <param name="Resource">The resource that says it.</param>
/// <param name="Effective">When it was true.</param>
/// <param name="Available">When it could have been known; <see cref="DateTimeOffset.MinValue"/> = always.</param>
/// <param name="Value">The number as recorded; null where it is coded or an event.</param>
/// <param name="Unit">UCUM unit of the value.</param>
/// <param name="Flags">What must be said of the value beside it.</param>
public sealed record InputEntry(
    ResourceKey Resource, DateTimeOffset Effective, DateTimeOffset Available, double? Value, string? Unit, MeasurementFlags Flags)
{
    public override string ToString() => "[input entry]";
}

/// <summary>An entry that does not count, and why.</summary>
public sealed record LeftOutEntry(InputEntry Entry, LeftOutReason Why);
