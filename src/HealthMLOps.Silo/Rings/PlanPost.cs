using HealthMLOps.Models;
using Orleans.Runtime.Services;

namespace HealthMLOps.Rings;

/// <summary>Takes halts from other silos.</summary>
public sealed class PlanPost(GrainId id, Silo silo, ILoggerFactory logs, PlanBoard board, LeaseKeeper leases)
    : GrainService(id, silo, logs), IPlanPost
{
    public Task Latch(HaltOrder order)
    {
        board.Latch(order);
        return Task.CompletedTask;
    }

    public async Task Renew() => await leases.Renew(CancellationToken.None);
}

/// <summary>Reaches the letter boxes of all silos that are known.</summary>
public sealed class PlanPostOffice(IServiceProvider services, ISiloStatusOracle membership) : GrainServiceClient<IPlanPost>(services)
{
    /// <summary>Every silo that may serve, this one included, with its letter box.</summary>
    public IReadOnlyList<(string Silo, IPlanPost Post)> Boxes() =>
        [.. membership.GetApproximateSiloStatuses(onlyActive: false)
            .Where(s => s.Value is SiloStatus.Active or SiloStatus.ShuttingDown or SiloStatus.Stopping)
            .Select(s => (s.Key.ToParsableString(), GetGrainService(s.Key)))];
}
