using System.Collections.Immutable;

namespace HealthMLOps.Rings;

/// <summary>What is certain when a halt returns.</summary>
/// <param name="Order">The halt that stands.</param>
/// <param name="Words">"confirmed": every silo has said so. "bounded": those that have not can hold no lease any more. With ", unrecorded" the database did not take it: it is latched on the silos that confirmed, and "latched" alone says that some may not know of it.</param>
/// <param name="Epoch">The plan's epoch with it; 0 where the database did not take it.</param>
/// <param name="StopMs">From the request to this certainty.</param>
/// <param name="Confirmed">Silos that said so.</param>
/// <param name="Expired">Silos that did not, and whose lease is over.</param>
/// <param name="Unconfirmed">Silos of which neither is known.</param>
public sealed record HaltOutcome(
    HaltOrder Order, string Words, long Epoch, double StopMs, ImmutableArray<string> Confirmed, ImmutableArray<string> Expired, ImmutableArray<string> Unconfirmed);
