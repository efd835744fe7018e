using HealthMLOps.Clinical;

namespace HealthMLOps.Storage;

/// <param name="Arrived">When.</param>
/// <param name="Source">From which EHR.</param>
/// <param name="Reason">A short code ("unknown-unit").</param>
/// <param name="Detail">What is wrong, without identifiers or values.</param>
/// <param name="SealedPayload">The bytes as they came, encrypted by the caller.</param>
/// <param name="Fingerprint">A keyed digest of the bytes and their context, to tell repeats.</param>
/// <param name="SealedContext">What a replay needs beside the bytes, encrypted by the caller.</param>
public sealed record NewQuarantineItem(
    DateTimeOffset Arrived, SourceName Source, string Reason, string Detail, byte[] SealedPayload, byte[] Fingerprint, byte[] SealedContext);

/// <param name="SealedPayload">The bytes as they came, as the caller sealed them.</param>
/// <param name="SealedContext">What a replay needs beside them; null for items of releases that kept none.</param>
public sealed record StoredQuarantineItem(QuarantineItem Item, byte[] SealedPayload, byte[]? SealedContext);

/// <param name="Arrived">When it came first; a repeat does not change it.</param>
/// <param name="Times">How often it came.</param>

public sealed record QuarantineItem(long Id, DateTimeOffset Arrived, SourceName Source, string Reason, string Status, string Detail, long Times)
{
    public const string Waiting = "waiting";
    public const string Replayed = "replayed";
    public const string Discarded = "discarded";

    /// <summary>Its payload went with an erased patient.</summary>
    public const string Erased = "erased";
}

/// <summary>Which items to list; what is null does not matter.</summary>
public sealed record QuarantineFilter(SourceName? Source = null, string? Reason = null, string? Status = null);
