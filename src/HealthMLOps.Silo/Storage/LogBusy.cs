namespace HealthMLOps.Storage;

/// <summary>The log's queue is full: nothing was written, and the caller may try again after <see cref="RetryAfter"/>.</summary>
[GenerateSerializer, Alias("log-busy")]
public sealed class LogBusy(string message, TimeSpan retryAfter) : Exception(message)
{
    [Id(0)] public TimeSpan RetryAfter { get; } = retryAfter;
}
