namespace HealthMLOps.Audit;

/// <summary>An event as the store holds it.</summary>
/// <param name="Event">The event, made again from its row.</param>
/// <param name="Digest">The digest that was stored with it.</param>
/// <param name="Leaf">Its place in the tree; null while the tree has not come so far.</param>
/// <param name="Removal">The removal that hides it, after its retention ended; null = it is shown.</param>
public sealed record RecordedEntry(AuditEvent Event, byte[] Digest, long? Leaf, long? Removal)
{
    public bool IsHidden => Removal is not null;
}
