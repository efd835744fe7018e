namespace HealthMLOps.Audit;

/// <summary>What a verification of an exported record found.</summary>
/// <param name="Fault">The first fault; null where the record is sound.</param>
/// <param name="Origin">The log's name.</param>
/// <param name="From">The first leaf.</param>
/// <param name="Entries">Entries that were verified, hidden ones included.</param>
/// <param name="Hidden">Entries that retention has hidden: only their digests were verified.</param>
/// <param name="Checkpoints">Signed checkpoints that the entries were held against, those from outside included.</param>
/// <param name="ClockRegressions">Entries that are dated before their writer's former one. Not a fault: clocks are corrected.</param>
/// <param name="FirstRegression">The leaf of the first of them.</param>
/// <param name="Last">The last checkpoint that holds.</param>
public sealed record AuditVerdict(
    AuditFault? Fault, string? Origin, long From, long Entries, long Hidden, long Checkpoints, long ClockRegressions, long? FirstRegression, Checkpoint? Last);
