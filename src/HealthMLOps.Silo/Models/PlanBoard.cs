namespace HealthMLOps.Models;

/// <summary>Where this silo's serving plan hangs: swapped whole, read without waiting.</summary>
public sealed class PlanBoard
{
    private volatile ServingPlan _current = ServingPlan.Empty;

    public ServingPlan Current => _current;

    public void Post(ServingPlan plan) => _current = plan;
}
