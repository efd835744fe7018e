using HealthMLOps.Clinical;

namespace HealthMLOps.Storage;

/// <param name="Id">Its number.</param>
/// <param name="Source">The EHR to ask.</param>
/// <param name="Resource">What to read, as a pseudonym.</param>
/// <param name="SealedId">The EHR's own id of it, encrypted by the caller.</param>
/// <param name="Asked">When the EHR last told us.</param>
/// <param name="Asks">How often it told us; tells an old fetch from a newer ask.</param>
/// <param name="Attempts">Failed attempts since it last told us.</param>
public sealed record PendingFetch(long Id, SourceName Source, ResourceKey Resource, byte[] SealedId, DateTimeOffset Asked, long Asks, int Attempts);
