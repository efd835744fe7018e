using System.Numerics;

namespace HealthMLOps.Simulation.Chance;

/// <summary>A stream of chance that depends on its seed alone, on every machine and runtime.</summary>
/// <remarks>xoshiro256** seeded by SplitMix64 (Blackman and Vigna, 2018); System.Random's algorithm is unspecified.</remarks>
internal sealed class RandomStream
{
    private ulong _a, _b, _c, _d;

    private RandomStream(ulong seed)
    {
        _a = SplitMix(ref seed);
        _b = SplitMix(ref seed);
        _c = SplitMix(ref seed);
        _d = SplitMix(ref seed);
    }

    /// <summary>The stream of one purpose and number: streams of other numbers don't move when this one draws more.</summary>
    public static RandomStream Of(ulong seed, string purpose, long number = 0) => new(Mix(seed, purpose, number));

    public RandomStream Fork(string purpose, long number = 0) => new(Mix(Next(), purpose, number));

    public ulong Next()
    {
        var drawn = BitOperations.RotateLeft(_b * 5, 7) * 9;
        var shifted = _b << 17;
        _c ^= _a;
        _d ^= _b;
        _b ^= _c;
        _a ^= _d;
        _c ^= shifted;
        _d = BitOperations.RotateLeft(_d, 45);
        return drawn;
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double Unit() => (Next() >> 11) * (1.0 / (1UL << 53));

    public double Between(double from, double to) => from + (to - from) * Unit();

    /// <summary>A whole number in [from, to).</summary>
    public int Whole(int from, int to) => from + (int)((to - from) * Unit());

    public bool Happens(double probability) => Unit() < probability;

    /// <summary>Normal by Box and Muller; one of the pair is thrown away so that draws don't depend on history.</summary>
    public double Normal(double mean, double deviation) =>
        mean + deviation * Math.Sqrt(-2 * Math.Log(1 - Unit())) * Math.Cos(2 * Math.PI * Unit());

    public double LogNormal(double median, double deviation) => median * Math.Exp(Normal(0, deviation));

    public double Exponential(double mean) => -mean * Math.Log(1 - Unit());

    public int Poisson(double mean)
    {
        var count = 0;
        for (var left = Unit() - Math.Exp(-mean); left >= 0 && count < 50; count++)
            left -= Math.Exp(-mean) * Math.Pow(mean, count + 1) / Factorial(count + 1);
        return count;
    }

    public TimeSpan Minutes(double from, double to) => TimeSpan.FromSeconds(Math.Round(60 * Between(from, to)));

    public T Pick<T>(IReadOnlyList<T> from) => from[Whole(0, from.Count)];

    /// <summary>One of the choices, each as likely as its weight says.</summary>
    public T Pick<T>(IReadOnlyList<T> from, Func<T, double> weight)
    {
        var left = Unit() * from.Sum(weight);
        foreach (var choice in from)
        {
            left -= weight(choice);
            if (left < 0) return choice;
        }
        return from[^1];
    }

    public void Shuffle<T>(IList<T> items)
    {
        for (var last = items.Count - 1; last > 0; last--)
        {
            var other = Whole(0, last + 1);
            (items[last], items[other]) = (items[other], items[last]);
        }
    }

    private static double Factorial(int of)
    {
        var product = 1.0;
        for (var factor = 2; factor <= of; factor++) product *= factor;
        return product;
    }

    private static ulong Mix(ulong seed, string purpose, long number)
    {
        var state = seed;
        foreach (var letter in purpose) state = SplitMix(ref state) ^ letter;
        state ^= (ulong)number * 0xD1342543DE82EF95;
        return SplitMix(ref state);
    }

    private static ulong SplitMix(ref ulong state)
    {
        var mixed = state += 0x9E3779B97F4A7C15;
        mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9;
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB;
        return mixed ^ (mixed >> 31);
    }
}
