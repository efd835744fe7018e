namespace HealthMLOps.Access;

/// <summary>A change of who may do what was refused.</summary>
/// <param name="status">HTTP status.</param>
/// <param name="code">Short code of ours.</param>
/// <param name="message">What is wrong: thing, actual, allowed.</param>
public sealed class AccessRefused(int status, string code, string message) : Exception(message)
{
    public int Status { get; } = status;
    public string Code { get; } = code;
}
