namespace HealthMLOps.Rings;

/// <summary>What was asked of a rollout or of the kill switch is not allowed; nothing was changed.</summary>
/// <param name="code">Short code of ours ("four-eyes", "gate", "dwell").</param>
/// <param name="message">Thing, actual, allowed.</param>
[GenerateSerializer, Alias("rollout-refused")]
public sealed class RolloutRefused(string code, string message) : Exception(message)
{
    [Id(0)] public string Code { get; } = code;
}
