namespace HealthMLOps.Hosting;

/// <summary>Whether the silo may be sent work. Starts not ready.</summary>
public sealed class Readiness
{
    private volatile string? _because = "The silo is starting.";
    private volatile string? _held;

    /// <summary>Why not; null = ready.</summary>
    public string? NotReadyBecause => _because ?? _held;

    /// <summary>Not ready any more.</summary>
    public void Wait(string because) => _because = because;

    /// <summary>The silo itself is up.</summary>
    public void Up() => _because = null;

    /// <summary>Keeps an otherwise ready silo from saying so, until <see cref="Release"/>.</summary>
    public void Hold(string because) => _held = because;

    public void Release() => _held = null;
}
