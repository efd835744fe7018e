namespace HealthMLOps.Audit;

/// <summary>The record's keeper may not do that.</summary>
/// <param name="code">Short code.</param>
/// <param name="message">What is wrong: thing, actual, allowed.</param>
public sealed class RecordRefused(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}
