namespace HealthMLOps.Clinical;

/// <summary>What became of a value that was brought to its concept's unit.</summary>
public abstract record Conversion
{
    private Conversion() { }

    /// <param name="Value">The value in <paramref name="Unit"/>.</param>
    /// <param name="Unit">The concept's unit.</param>
    /// <param name="Plausible">Whether it lies within the concept's limits, both included.</param>
    public sealed record Converted(double Value, string? Unit, bool Plausible) : Conversion;

    /// <param name="Reason">A sentence that names the units but not the value.</param>
    public sealed record Refused(string Reason) : Conversion;

    public sealed override string ToString() => $"[{GetType().Name}]";
}
