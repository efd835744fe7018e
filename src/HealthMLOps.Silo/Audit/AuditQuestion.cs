using HealthMLOps.Clinical;

namespace HealthMLOps.Audit;

/// <summary>What somebody looks for in the record. What is null does not limit.</summary>
public sealed record AuditQuestion
{
    /// <summary>Not before this.</summary>
    public DateTimeOffset? From { get; init; }

    /// <summary>Before this.</summary>
    public DateTimeOffset? To { get; init; }

    public string? Person { get; init; }

    /// <summary>An action, or its beginning with '*' ("ring.*").</summary>
    public string? Action { get; init; }

    public string? Object { get; init; }

    public PatientKey? Patient { get; init; }

    public string? Outcome { get; init; }

    public string? Correlation { get; init; }

    /// <summary>The last entry of the former page: its time and place.</summary>
    public (DateTimeOffset At, AuditPlace Place)? After { get; init; }
}
