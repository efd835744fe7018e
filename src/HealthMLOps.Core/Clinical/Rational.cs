using System.Numerics;

namespace HealthMLOps.Clinical;

/// <summary>An exact fraction in lowest terms with a positive denominator.</summary>
internal readonly record struct Rational
{
    private const int DecimalDigitsMax = 28;

    private Rational(BigInteger numerator, BigInteger denominator)
    {
        Numerator = numerator;
        Denominator = denominator;
    }

    public static Rational One { get; } = new(1, 1);
    public static Rational Zero { get; } = new(0, 1);

    public BigInteger Numerator { get; }
    public BigInteger Denominator { get; }

    public static Rational Of(BigInteger numerator, BigInteger denominator)
    {
        if (denominator.IsZero) throw new DivideByZeroException();
        var common = BigInteger.GreatestCommonDivisor(numerator, denominator) * denominator.Sign;
        return new Rational(numerator / common, denominator / common);
    }

    public static Rational Of(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var scale = (bits[3] >> 16) & 0xFF;
        var mantissa = new BigInteger((uint)bits[2]) << 64 | new BigInteger((uint)bits[1]) << 32 | new BigInteger((uint)bits[0]);
        return Of(bits[3] < 0 ? -mantissa : mantissa, BigInteger.Pow(10, scale));
    }

    public static Rational operator *(Rational a, Rational b) => Of(a.Numerator * b.Numerator, a.Denominator * b.Denominator);
    public static Rational operator /(Rational a, Rational b) => Of(a.Numerator * b.Denominator, a.Denominator * b.Numerator);
    public static Rational operator +(Rational a, Rational b) => Of(a.Numerator * b.Denominator + b.Numerator * a.Denominator, a.Denominator * b.Denominator);
    public static Rational operator -(Rational a, Rational b) => Of(a.Numerator * b.Denominator - b.Numerator * a.Denominator, a.Denominator * b.Denominator);

    public Rational Power(int exponent) => exponent >= 0
        ? Of(BigInteger.Pow(Numerator, exponent), BigInteger.Pow(Denominator, exponent))
        : Of(BigInteger.Pow(Denominator, -exponent), BigInteger.Pow(Numerator, -exponent));

    /// <summary>The nearest decimal: exact where the fraction has at most 28 digits, else rounded half to even; null where it is too large.</summary>
    public decimal? ToDecimal()
    {
        for (var scale = DecimalDigitsMax; scale >= 0; scale--)
        {
            var mantissa = RoundedQuotient(Numerator * BigInteger.Pow(10, scale), Denominator);
            var magnitude = BigInteger.Abs(mantissa);
            if (magnitude.GetBitLength() > 96) continue;
            while (scale > 0 && magnitude % 10 == 0) (magnitude, scale) = (magnitude / 10, scale - 1);
            return new decimal(
                unchecked((int)(uint)(magnitude & uint.MaxValue)), unchecked((int)(uint)(magnitude >> 32 & uint.MaxValue)),
                unchecked((int)(uint)(magnitude >> 64)), mantissa.Sign < 0, (byte)scale);
        }
        return null;
    }

    private static BigInteger RoundedQuotient(BigInteger numerator, BigInteger denominator)
    {
        var quotient = BigInteger.DivRem(numerator, denominator, out var rest);
        var twice = BigInteger.Abs(rest) * 2;
        var up = twice > denominator || (twice == denominator && !quotient.IsEven);
        return up ? quotient + numerator.Sign : quotient;
    }
}
