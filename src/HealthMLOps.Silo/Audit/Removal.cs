namespace HealthMLOps.Audit;

/// <summary>A proposal to hide what is older than its retention, and its approval by a second person.</summary>
/// <param name="Hidden">Entries that it hides.</param>
public sealed record Removal(
    long Id, DateTimeOffset Before, string Reason, string ProposedBy, DateTimeOffset ProposedAt, string? ApprovedBy, DateTimeOffset? ApprovedAt, long Hidden);
