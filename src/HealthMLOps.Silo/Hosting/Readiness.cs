namespace HealthMLOps.Hosting;

/// <summary>Whether the silo may be sent work. Starts not ready.</summary>
public sealed class Readiness
{
    private volatile string? _because = "The silo is starting.";

    /// <summary>Why not; null = ready.</summary>
    public string? NotReadyBecause => _because;

    public void Wait(string because) => _because = because;

    public void Ready() => _because = null;
}
