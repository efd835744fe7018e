using System.Collections.Immutable;

namespace HealthMLOps.Access;

/// <summary>What one person has asked and another may confirm.</summary>
/// <param name="Number">Names it ("ask-7").</param>
/// <param name="Act">What.</param>
/// <param name="Digest">SHA-256 of the act's text: the confirmer names what they have seen.</param>
/// <param name="AskedBy">Who asked.</param>
/// <param name="AskedRoles">The asker's roles at that time.</param>
/// <param name="AskedAt">When.</param>
public sealed record AskedAct(long Number, AccessAct Act, string Digest, string AskedBy, ImmutableArray<Role> AskedRoles, DateTimeOffset AskedAt)
{
    public string? ConfirmedBy { get; init; }
    public DateTimeOffset? ConfirmedAt { get; init; }

    /// <summary>When it had taken effect.</summary>
    public DateTimeOffset? DoneAt { get; init; }
    public string? WithdrawnBy { get; init; }

    public string Id => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"ask-{Number}");
    public DateTimeOffset Expires => AskedAt + FourEyes.OpenFor;

    /// <summary>"asked", "confirmed" (and not done yet), "done", "withdrawn" or "expired".</summary>
    public string StateAt(DateTimeOffset now) =>
        DoneAt is not null ? "done" : WithdrawnBy is not null ? "withdrawn" : ConfirmedBy is not null ? "confirmed" : now >= Expires ? "expired" : "asked";
}
