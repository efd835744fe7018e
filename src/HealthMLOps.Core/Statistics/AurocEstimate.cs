namespace HealthMLOps.Statistics;

/// <summary>An AUROC with what it rests on.</summary>
/// <param name="Area">The estimate, in [0, 1].</param>
/// <param name="StandardError">NaN where a class has one member only; 0 at perfect separation, where it understates the doubt.</param>
/// <param name="Positives">Rows with the outcome.</param>
/// <param name="Negatives">Rows without it.</param>
[GenerateSerializer, Immutable, Alias("auroc-estimate")]
public sealed record AurocEstimate(
    [property: Id(0)] double Area, [property: Id(1)] double StandardError, [property: Id(2)] int Positives, [property: Id(3)] int Negatives)
{
    private const double Normal975 = 1.959963984540054;

    /// <summary>Lower end of the 95 % interval (Wald, cut at 0); 0 where the standard error is unknown.</summary>
    public double Low => double.IsNaN(StandardError) ? 0 : Math.Max(0, Area - (Normal975 * StandardError));

    /// <summary>Upper end of the 95 % interval (Wald, cut at 1); 1 where the standard error is unknown.</summary>
    public double High => double.IsNaN(StandardError) ? 1 : Math.Min(1, Area + (Normal975 * StandardError));
}
