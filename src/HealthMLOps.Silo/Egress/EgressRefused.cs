namespace HealthMLOps.Egress;

/// <summary>A call to the outside was not made, because the egress register does not allow it. The refusal is on the record.</summary>
/// <param name="why">"unlisted", "data-class", "no-agreement" or "agreement-expired".</param>
/// <param name="message">What is wrong: thing, actual, allowed.</param>
public sealed class EgressRefused(string why, string message) : Exception(message)
{
    public string Why { get; } = why;
}
