namespace HealthMLOps.Access;

/// <summary>Allowed, or refused and why.</summary>
public abstract record AccessDecision
{
    private AccessDecision() { }

    public sealed record Allowed : AccessDecision;

    /// <param name="Code">Short and stable: "role", "scope", "purpose", "source", "unit", "glass".</param>
    /// <param name="Detail">For the caller; names no patient.</param>
    public sealed record Refused(string Code, string Detail) : AccessDecision;
}
