namespace HealthMLOps.Signatures;

/// <summary>A signature was not given. The attempt is on the record where it could have been one.</summary>
/// <param name="code">Short code: "signature", "role" or "reauthentication".</param>
/// <param name="message">What is wrong: thing, actual, allowed.</param>
public sealed class SignatureRefused(string code, string message) : Exception(message)
{
    public string Code { get; } = code;
}
