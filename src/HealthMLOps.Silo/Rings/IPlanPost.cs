using Orleans.Services;

namespace HealthMLOps.Rings;

/// <summary>Each silo's letter box for the plan; called by the silo that changes it. Nothing in it waits for the database of halts.</summary>
[Alias("plan-post")]
public interface IPlanPost : IGrainService
{
    /// <summary>Stops on this silo at once; when it returns, no answer under the halt leaves this silo. A repeat changes nothing.</summary>
    [Alias("latch")]
    Task Latch([Immutable] HaltOrder order);

    /// <summary>Renews this silo's lease; when it returns, it serves by the plan as it is now.</summary>
    [Alias("renew")]
    Task Renew();
}
