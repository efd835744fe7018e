using HealthMLOps.Models;
using HealthMLOps.Rings;

namespace HealthMLOps.Hosting;

/// <summary>Says ready once the silo is up and has its first serving plan under a lease, and not ready while it stops.</summary>
public sealed class ReadyWatch(Readiness readiness, PlanKeeper plans, LeaseKeeper leases, IHostApplicationLifetime life) : IHostedService
{
    public Task StartAsync(CancellationToken cancellationToken)
    {
        life.ApplicationStopping.Register(() => readiness.Wait("The silo is stopping."));
        life.ApplicationStarted.Register(() => _ = Begin());
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    private async Task Begin()
    {
        await plans.FirstPlan;
        await leases.FirstLease;
        readiness.Up();
    }
}
