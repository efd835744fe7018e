namespace HealthMLOps.Simulation.Charting;

/// <summary>One kind of measurement: its codes, unit and precision.</summary>
/// <param name="Category">vital-signs or laboratory.</param>
internal sealed record ObservationKind(string Category, string Text, Unit Unit, int Decimals, params Code[] Codings)
{
    /// <summary>The unit in which some sites and devices send it instead; null where everybody agrees.</summary>
    public AlternateUnit? Alternate { get; init; }

    /// <summary>Below this the instrument answers "&lt;" and the limit; null where it always has a number.</summary>
    public double? DetectionLimit { get; init; }
}

/// <summary>The same quantity in another unit: number * <paramref name="Factor"/> + <paramref name="Offset"/>.</summary>
/// <param name="Coding">The other code that goes with the unit; null where the code stays.</param>
/// <param name="Share">How often it is used, of 1.</param>
internal sealed record AlternateUnit(Unit Unit, int Decimals, double Factor, double Offset, Code? Coding, double Share);
