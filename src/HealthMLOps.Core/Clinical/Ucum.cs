using System.Collections.Concurrent;
using System.Text.RegularExpressions;

namespace HealthMLOps.Clinical;

/// <summary>Exact conversion between units of the Unified Code for Units of Measure, or refusal.</summary>
/// <remarks>
/// Codes are case sensitive (<c>mm[Hg]</c>, not <c>mmHg</c>): spellings that a source is known to send are aliases in that
/// source's configuration and never guessed here. Factors are fractions of integers, so 98.6 [degF] is exactly 37 Cel.
/// </remarks>
public static partial class Ucum
{
    public const int LettersMax = 80;

    /// <summary>How many spellings are remembered; beyond it, units are parsed again each time, so that hostile input can't fill memory.</summary>
    private const int RememberedMax = 2000;

    private static readonly ConcurrentDictionary<string, UcumUnit?> Remembered = new(StringComparer.Ordinal);

    /// <summary>Converts a value; false where either unit is unknown, they measure different things, or the result has no decimal.</summary>
    public static bool TryConvert(decimal value, string from, string to, out decimal converted)
    {
        converted = value;
        if (Parse(from) is not { } source || Parse(to) is not { } target || !source.Measures(target)) return false;
        if (string.Equals(from, to, StringComparison.Ordinal)) return true;
        // The base value of x units is x * Factor + Offset.
        var result = (Rational.Of(value) * source.Factor + source.Offset - target.Offset) / target.Factor;
        if (result.ToDecimal() is not { } exact) return false;
        converted = exact;
        return true;
    }

    /// <summary>Whether the text is a unit that we can convert.</summary>
    public static bool IsUnit(string text) => Parse(text) is not null;

    /// <summary>Whether both are units of the same dimension.</summary>
    public static bool MeasureTheSame(string a, string b) => Parse(a) is { } first && Parse(b) is { } second && first.Measures(second);

    /// <summary>Whether it is a score, ratio or count: no dimension and no scale, so not a percentage.</summary>
    public static bool IsPlainNumber(string unit) => Parse(unit) is { IsPlainNumber: true };

    /// <summary>The unit without its annotations, which may hold any text; for messages.</summary>
    public static string WithoutAnnotations(string unit) => Annotations().Replace(unit, "") is { Length: > 0 } rest ? rest : "1";

    internal static UcumUnit? Parse(string text)
    {
        if (text.Length > LettersMax) return null;
        if (Remembered.TryGetValue(text, out var unit)) return unit;
        unit = UcumParser.Parse(text);
        if (Remembered.Count < RememberedMax) Remembered[text] = unit;
        return unit;
    }

    [GeneratedRegex(@"\{[^{}]*\}")]
    private static partial Regex Annotations();
}
