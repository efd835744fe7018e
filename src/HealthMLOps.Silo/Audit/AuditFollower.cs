namespace HealthMLOps.Audit;

/// <summary>Keeps the tree behind this silo's events. Nothing waits for it: events are durable and chained before.</summary>
public sealed partial class AuditFollower(IGrainFactory grains, ILogger<AuditFollower> logger) : BackgroundService
{
    public static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private string? _fault;

    /// <summary>Why the tree does not grow; null while it does.</summary>
    public string? Fault => _fault;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                while ((await grains.GetGrain<IAuditGrain>(IAuditGrain.Key).Follow()).IsBehind) stoppingToken.ThrowIfCancellationRequested();
                _fault = null;
            }
            catch (RecordBroken broken)
            {
                if (_fault != broken.Message) FoundBroken(broken.Message);
                _fault = broken.Message;
            }
            catch (Exception e) when (e is not OperationCanceledException) { WillTryAgain(e); }
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "Found the record broken: {Reason}")]
    private partial void FoundBroken(string reason);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Left the record's tree where it was; the next round tries again")]
    private partial void WillTryAgain(Exception error);
}
