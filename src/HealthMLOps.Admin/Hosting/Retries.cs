namespace HealthMLOps.Hosting;

/// <summary>How long one request is tried again before the command gives up.</summary>
/// <param name="Patience">How long a server may be away, or busy, counted from the first failure of the request.</param>
public sealed record Retries(TimeSpan Patience)
{
    /// <summary>A busy server (429, 503) is asked this often, and beyond that only while patience lasts.</summary>
    public const int TriesMax = 8;

    public static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(0.5);
    public static readonly TimeSpan PauseMax = TimeSpan.FromSeconds(5);

    /// <summary>A server that asks for more is given this.</summary>
    public static readonly TimeSpan RetryAfterMax = TimeSpan.FromSeconds(60);

    /// <summary>Fails at once when the server is away.</summary>
    public static Retries Impatient { get; } = new(TimeSpan.Zero);

    /// <summary>The pause before the next try of an unreachable server; null = give up.</summary>
    public TimeSpan? AfterNoConnection(int triesMade, TimeSpan sinceFirstFailure)
    {
        var left = Patience - sinceFirstFailure;
        return left <= TimeSpan.Zero ? null : Shorter(Pause(triesMade), left);
    }

    /// <summary>The pause before the next try of a busy server; null = give up.</summary>
    public TimeSpan? AfterBusy(int triesMade, TimeSpan sinceFirstFailure, TimeSpan? retryAfter) =>
        triesMade >= TriesMax && sinceFirstFailure >= Patience
            ? null
            : Shorter(retryAfter ?? Pause(triesMade), RetryAfterMax);

    private static TimeSpan Pause(int triesMade) =>
        Shorter(FirstPause * Math.Pow(2, Math.Min(triesMade - 1, 10)), PauseMax);

    private static TimeSpan Shorter(TimeSpan one, TimeSpan other) => one < other ? one : other;
}
