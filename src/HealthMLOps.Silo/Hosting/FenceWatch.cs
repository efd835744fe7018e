using HealthMLOps.Storage;

namespace HealthMLOps.Hosting;

/// <summary>Stops this process once its own writer is fenced: a successor has its work, and nothing here may be served any more.</summary>
public sealed partial class FenceWatch(EventLog log, Readiness readiness, IHostApplicationLifetime life, ILogger<FenceWatch> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        await log.WhenFenced.WaitAsync(stoppingToken);
        readiness.Wait("A successor has taken over this silo's work.");
        StoppedFenced();
        life.StopApplication();
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "Stopped serving: this silo's writer has been fenced by a successor")]
    private partial void StoppedFenced();
}
