using HealthMLOps.Hosting;
using HealthMLOps.Models;

namespace HealthMLOps.Rings;

/// <summary>Renews this silo's lease on the plan at a third of its length, and posts what has changed.</summary>
public sealed partial class LeaseKeeper(
    PlanStore store, PlanBoard board, PlanKeeper plans, LatchedHalts latched, SiloSettings settings, ILocalSiloDetails silo, TimeProvider clock, ILogger<LeaseKeeper> logger)
    : BackgroundService
{
    private readonly TaskCompletionSource _first = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly string _name = silo.SiloAddress.ToParsableString();
    private bool _isStopping;
    private bool _isLost;

    /// <summary>Completes when this silo has had a lease once.</summary>
    public Task FirstLease => _first.Task;

    /// <summary>Renews now. When it returns, this silo serves by a plan that was current after the call began.</summary>
    public async Task Renew(CancellationToken cancellation)
    {
        await _turn.WaitAsync(cancellation);
        try
        {
            if (_isStopping) return;
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            limit.CancelAfter(settings.PlanLease);
            var lease = PlanLease.AskedNow(clock, settings.PlanLease);
            var epoch = await store.Grant(_name, settings.PlanLease, limit.Token);
            if (epoch > board.Orders.Epoch && board.Take(await store.Read(limit.Token))) plans.Compose();
            board.Lease(lease, Math.Max(epoch, board.Orders.Epoch));
            _first.TrySetResult();
            if (_isLost) FoundAgain(board.Orders.Epoch);
            _isLost = false;
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>A live lease, renewed where it has run out; false where it can't be had.</summary>
    public async ValueTask<bool> Ensure(CancellationToken cancellation)
    {
        if (board.IsLive) return true;
        try { await Renew(cancellation); }
        catch (Exception e) when (e is not OperationCanceledException || !cancellation.IsCancellationRequested) { Lost(e); }
        return board.IsLive;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(settings.PlanLease / 3, clock);
        do
        {
            try
            {
                await Renew(stoppingToken);
                await latched.Deliver(stoppingToken);
            }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested) { Lost(e); }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    public override async Task StopAsync(CancellationToken cancellationToken)
    {
        await base.StopAsync(cancellationToken);
        await _turn.WaitAsync(cancellationToken);
        _isStopping = true;
        _turn.Release();
        board.DropLease();
        try { await store.Return(_name, cancellationToken); }
        catch (Exception e) when (e is not OperationCanceledException) { Lost(e); } // A halt then waits until the lease is over.
    }

    public override void Dispose()
    {
        _turn.Dispose();
        base.Dispose();
    }

    private void Lost(Exception error)
    {
        if (_isLost) return;
        _isLost = true;
        LostLease(error);
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Could not renew the lease on the serving plan; scores stop when it ends")]
    private partial void LostLease(Exception error);

    [LoggerMessage(Level = LogLevel.Information, Message = "Renewed the lease on the serving plan again, epoch {Epoch}")]
    private partial void FoundAgain(long epoch);
}
