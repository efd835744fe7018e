namespace HealthMLOps.Storage;

/// <summary>Fences the writers of silos that membership has declared dead, before their patients become active here.</summary>
/// <remarks>
/// A silo that was paused and wakes up would otherwise go on appending while its patients live elsewhere. A patient grain
/// awaits <see cref="FenceTheDead"/> when it is activated; it costs nothing while no silo has died since the last time.
/// </remarks>
public sealed class WriterFences(IEventLog log, ISiloStatusOracle membership) : IDisposable
{
    private readonly HashSet<SiloAddress> _fenced = [];
    private readonly SemaphoreSlim _turn = new(1, 1);

    public async Task FenceTheDead(CancellationToken cancellation)
    {
        if (Unfenced().Count == 0) return;
        await _turn.WaitAsync(cancellation);
        try
        {
            foreach (var silo in Unfenced())
            {
                await log.FenceSilo(silo.ToParsableString(), cancellation);
                lock (_fenced) _fenced.Add(silo);
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    public void Dispose() => _turn.Dispose();

    private List<SiloAddress> Unfenced()
    {
        var dead = membership.GetApproximateSiloStatuses(onlyActive: false).Where(s => s.Value == SiloStatus.Dead).Select(s => s.Key);
        lock (_fenced) return [.. dead.Where(s => !_fenced.Contains(s))];
    }
}
