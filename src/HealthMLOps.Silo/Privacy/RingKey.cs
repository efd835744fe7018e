namespace HealthMLOps.Privacy;

/// <summary>One key of the ring, without its secret.</summary>
/// <param name="Id">Its id, which what it protects carries.</param>
/// <param name="Created">When it was made.</param>
/// <param name="Activated">From when on it protects.</param>
/// <param name="Expires">Until when it protects; it opens for ever.</param>
public sealed record RingKey(Guid Id, DateTimeOffset Created, DateTimeOffset Activated, DateTimeOffset Expires);
