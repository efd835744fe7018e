using System.Collections.Immutable;

namespace HealthMLOps.Intake;

/// <summary>One numbered event of a subscription.</summary>
/// <param name="Number">Unique within the subscription's epoch; null where the sender left it out.</param>
/// <param name="Focus">What it is about; null where it was not sent or <paramref name="FocusProblem"/> says why it can't be used.</param>
public sealed record NotifiedEvent(
    long? Number, DateTimeOffset? Timestamp, ResolvedReference? Focus, string? FocusProblem, ImmutableArray<ResolvedReference> Context)
{
    public override string ToString() => $"[event {Number}]";
}
