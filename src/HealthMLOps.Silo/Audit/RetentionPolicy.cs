namespace HealthMLOps.Audit;

/// <summary><c>config/records/retention.json</c>.</summary>
/// <param name="KeepYears">Years that an entry is shown at least.</param>
public sealed record RetentionPolicy(int KeepYears);
