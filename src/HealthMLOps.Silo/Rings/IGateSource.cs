namespace HealthMLOps.Rings;

/// <summary>Where the evidence for some criteria comes from. What later rooms measure plugs in here; a criterion without a source is not measured, and blocks.</summary>
public interface IGateSource
{
    /// <summary>The criteria that it measures, as the ring policies name them.</summary>
    IReadOnlyCollection<string> Criteria { get; }

    /// <summary>What is known, or null where it is not measured.</summary>
    Task<GateMeasurement?> Measure(string criterion, Placement placement, CancellationToken cancellation);
}
