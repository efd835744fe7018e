namespace HealthMLOps.Intake;

/// <summary>How much a notification tells of its events.</summary>
public enum ContentLevel
{
    /// <summary>That something happened; the source must be searched.</summary>
    Empty,
    /// <summary>Which resources; each must be fetched.</summary>
    IdOnly,
    /// <summary>The resources themselves.</summary>
    FullResource,
}
