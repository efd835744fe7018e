namespace HealthMLOps.Storage;

/// <summary>Keeps this silo's copy of the erasure ledger at most <see cref="Period"/> old.</summary>
public sealed partial class ErasureWatch(Erasures erasures, ILogger<ErasureWatch> logger) : BackgroundService
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(2);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period);
        do
        {
            try { await erasures.Refresh(stoppingToken); }
            catch (Exception e) when (e is not OperationCanceledException) { KeptFormerLedger(e); } // The next round tries again.
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Kept the former copy of the erasure ledger: it could not be read")]
    private partial void KeptFormerLedger(Exception error);
}
