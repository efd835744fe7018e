using System.Threading.Channels;

namespace HealthMLOps.Storage;

/// <summary>Wraps the patients' keys under the ring's newest key: after each rotation, and at each start what a crash left over.</summary>
public sealed partial class RewrapWork(PatientKeys keys, ILogger<RewrapWork> logger) : BackgroundService
{
    private readonly Channel<bool> _asked = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Begin() => _asked.Writer.TryWrite(true);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        Begin();
        await foreach (var _ in _asked.Reader.ReadAllAsync(stoppingToken))
        {
            try
            {
                if (await keys.Rewrap(stoppingToken) is > 0 and var count) Rewrapped(count);
            }
            catch (Exception e) when (e is not OperationCanceledException) { LeftRewrapping(e); } // Former keys open as before; the next start goes on.
        }
    }

    [LoggerMessage(Level = LogLevel.Information, Message = "Wrapped {Count} patients' keys under the newest key of the ring")]
    private partial void Rewrapped(long count);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Left patients' keys under a former key of the ring until the next start")]
    private partial void LeftRewrapping(Exception error);
}
