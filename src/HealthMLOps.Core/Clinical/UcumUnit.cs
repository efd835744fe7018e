using System.Collections.Immutable;

namespace HealthMLOps.Clinical;

/// <summary>A UCUM unit as a number of its dimension's base units: <c>mm[Hg]</c> is 133322 g.m-1.s-2.</summary>
/// <param name="Factor">How many base units one of it is.</param>
/// <param name="Offset">Where its zero lies, in base units; not 0 only for <c>Cel</c> and <c>[degF]</c>.</param>
/// <param name="Dimensions">Exponent of each base unit, without zeros. Amount (mol), charge equivalents (eq) and arbitrary units are dimensions of their own.</param>
internal sealed record UcumUnit(Rational Factor, Rational Offset, ImmutableSortedDictionary<string, int> Dimensions)
{
    /// <summary>The unit <c>1</c>, which is also what any annotation such as <c>{score}</c> stands for.</summary>
    public static UcumUnit One { get; } = Number(Rational.One);

    /// <summary>A score, a ratio or a count: it has no dimension and no scale, so a percentage is not one.</summary>
    public bool IsPlainNumber => Dimensions.IsEmpty && Factor == Rational.One;

    public bool IsSpecial => Offset != Rational.Zero;

    public static UcumUnit Number(Rational factor) => new(factor, Rational.Zero, ImmutableSortedDictionary.Create<string, int>(StringComparer.Ordinal));

    /// <summary>A unit that nothing else is made of.</summary>
    public static UcumUnit Fundamental(string name) => One with { Dimensions = One.Dimensions.Add(name, 1) };

    public UcumUnit Scaled(Rational by) => this with { Factor = Factor * by };

    public UcumUnit Times(UcumUnit other, int exponent)
    {
        var dimensions = Dimensions.ToBuilder();
        foreach (var (name, power) in other.Dimensions)
        {
            var sum = dimensions.GetValueOrDefault(name) + power * exponent;
            if (sum == 0) dimensions.Remove(name);
            else dimensions[name] = sum;
        }
        return new UcumUnit(Factor * other.Factor.Power(exponent), Rational.Zero, dimensions.ToImmutable());
    }

    public bool Measures(UcumUnit other) =>
        Dimensions.Count == other.Dimensions.Count && Dimensions.All(d => other.Dimensions.GetValueOrDefault(d.Key) == d.Value);
}
