using System.Text.Json;

namespace HealthMLOps.Simulation.Sending;

/// <summary>Counts of one run; events are counted once, however often they are sent.</summary>
internal sealed class Tally
{
    private long _sent, _acked, _retried, _failed, _requests;

    public long Sent => Interlocked.Read(ref _sent);
    public long Acked => Interlocked.Read(ref _acked);
    public long Retried => Interlocked.Read(ref _retried);
    public long Failed => Interlocked.Read(ref _failed);
    public long Requests => Interlocked.Read(ref _requests);

    public void CountSent() => Interlocked.Increment(ref _sent);
    public void CountAcked() => Interlocked.Increment(ref _acked);
    public void CountFailed() => Interlocked.Increment(ref _failed);
    public void CountRetry() => Interlocked.Increment(ref _retried);
    public long CountRequest() => Interlocked.Increment(ref _requests);

    public string Line(DateTimeOffset sim, int patients, RunPhase phase) => JsonSerializer.Serialize(new
    {
        phase = phase switch { RunPhase.Backlog => "backlog", RunPhase.Live => "live", _ => "done" },
        sim = sim.UtcDateTime, sent = Sent, acked = Acked, retried = Retried, failed = Failed, requests = Requests, patients,
    });
}

internal enum RunPhase { Backlog, Live, Done }
