namespace HealthMLOps.Simulation.Sending;

/// <summary>How many requests a run may make; says when it is spent.</summary>
/// <param name="requestsMax">Null for no limit.</param>
internal sealed class RequestBudget(long? requestsMax, Tally tally, Action spent)
{
    public bool TakeOne()
    {
        if (requestsMax is { } limit && tally.Requests >= limit)
        {
            spent();
            return false;
        }
        tally.CountRequest();
        return true;
    }
}
