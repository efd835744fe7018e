namespace HealthMLOps.Models;

/// <summary>The right to score with a session until disposed, even if its version is retired meanwhile.</summary>
public sealed class ModelLease : IDisposable
{
    private int _returned;

    internal ModelLease(ScoringSession session) => Session = session;

    /// <summary>Not for the holder to dispose.</summary>
    public ScoringSession Session { get; }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _returned, 1) == 0) Session.Leave();
    }
}
