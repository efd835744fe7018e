using System.Threading.RateLimiting;

namespace HealthMLOps.Access;

/// <summary>How often one caller may ask, by kind of request: named token buckets of <c>config/access.json</c>. A caller's flood slows that caller alone.</summary>
public sealed class CallerLimits(AccessConfiguration configuration) : IDisposable
{
    public const string Strangers = "strangers";
    public const string Control = "control";
    /// <summary>Pulling the kill switch has a bucket of its own: whatever else the same person's programs ask, a halt goes through.</summary>
    public const string Halts = "halts";
    public const string Patients = "patients";
    public const string Ingest = "ingest";

    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly PartitionedRateLimiter<(string Limit, string Caller)> _buckets = PartitionedRateLimiter.Create<(string Limit, string Caller), (string, string)>(
        key => RateLimitPartition.GetTokenBucketLimiter(key, _ => new TokenBucketRateLimiterOptions
        {
            TokenLimit = configuration.LimitOf(key.Limit).Burst,
            TokensPerPeriod = configuration.LimitOf(key.Limit).PerSecond,
            ReplenishmentPeriod = Period,
            AutoReplenishment = true,
            QueueLimit = 0,
        }));

    /// <summary>Takes one request from the caller's bucket.</summary>
    /// <returns>When to come back, where the bucket is empty; else null.</returns>
    public TimeSpan? Exceeded(HttpContext http, string limit)
    {
        var caller = http.IsStranger() ? http.Connection.RemoteIpAddress?.ToString() ?? "unknown" : http.Caller().Account;
        using var lease = _buckets.AttemptAcquire((limit, caller));
        if (lease.IsAcquired) return null;
        return lease.TryGetMetadata(MetadataName.RetryAfter, out var after) ? after : Period;
    }

    public void Dispose() => _buckets.Dispose();
}
