namespace HealthMLOps.Storage;

/// <summary>How much the log takes in before it says <see cref="LogBusy"/>, and how hard it tries to commit.</summary>
public sealed record LogLimits
{
    /// <summary>Requests that may wait; the next one is refused.</summary>
    public int QueueCountMax { get; init; } = 20_000;

    /// <summary>Payload bytes that may wait; the next request is refused, unless it alone is larger than this.</summary>
    public long QueueBytesMax { get; init; } = 128L << 20;

    /// <summary>Requests in one transaction.</summary>
    public int BatchCountMax { get; init; } = 1_000;

    /// <summary>A batch takes no further request once it holds this many payload bytes.</summary>
    public long BatchBytesMax { get; init; } = 8L << 20;

    /// <summary>What a refused caller is told to wait.</summary>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Attempts to commit one batch while the database can't be reached; then its callers get <see cref="LogUnavailable"/>.</summary>
    public int CommitAttemptsMax { get; init; } = 8;

    /// <summary>Pause after the first failed attempt; doubles with each, up to <see cref="RetryPauseMax"/>.</summary>
    public TimeSpan RetryPause { get; init; } = TimeSpan.FromMilliseconds(50);

    public TimeSpan RetryPauseMax { get; init; } = TimeSpan.FromSeconds(2);
}
