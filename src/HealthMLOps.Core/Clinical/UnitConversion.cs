namespace HealthMLOps.Clinical;

/// <summary>A conversion that holds for one concept only, such as mmol/L to mg/dL of glucose.</summary>
/// <param name="From">The UCUM unit that it starts from.</param>
/// <param name="Multiply">Result = (value x Multiply / Divide) + Add, in the concept's unit.</param>
public sealed record UnitConversion(string From, decimal Multiply, decimal Divide, decimal Add)
{
    /// <summary>Applies it; null where the result has no decimal.</summary>
    internal decimal? Apply(decimal value) =>
        (Rational.Of(value) * Rational.Of(Multiply) / Rational.Of(Divide) + Rational.Of(Add)).ToDecimal();
}
