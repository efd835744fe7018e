using HealthMLOps.Clinical;

namespace HealthMLOps.Storage;

/// <param name="Arrived">When.</param>
/// <param name="Source">From which EHR.</param>
/// <param name="Reason">A short code ("unknown-unit").</param>
/// <param name="Detail">What is wrong, without identifiers or values.</param>
/// <param name="SealedPayload">The bytes as they came, encrypted by the caller.</param>
/// <param name="Fingerprint">A keyed digest of the bytes, to tell repeats.</param>
public sealed record NewQuarantineItem(DateTimeOffset Arrived, SourceName Source, string Reason, string Detail, byte[] SealedPayload, byte[] Fingerprint);

public sealed record QuarantineItem(long Id, DateTimeOffset Arrived, SourceName Source, string Reason, string Status, string Detail, long Times)
{
    public const string Waiting = "waiting";
    public const string Replayed = "replayed";
    public const string Discarded = "discarded";
}

/// <summary>Which items to list; what is null does not matter.</summary>
public sealed record QuarantineFilter(SourceName? Source = null, string? Reason = null, string? Status = null);
