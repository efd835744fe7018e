using System.Collections.Immutable;
using System.Globalization;

namespace HealthMLOps.Clinical;

/// <summary>One thing that is measured of patients, whatever code an EHR uses for it: "heart-rate", "creatinine".</summary>
public sealed record Concept
{
    private const uint ExactHighBits = 1 << (53 - 32);
    private const int ExactScaleMax = 22;

    public required string Name { get; init; }

    /// <summary>The UCUM unit of every value of this concept; null where values are coded.</summary>
    public required string? Unit { get; init; }

    /// <summary>Limits for data errors, both included; not clinical ranges.</summary>
    public decimal? PlausibleLow { get; init; }
    public decimal? PlausibleHigh { get; init; }

    public required ImmutableArray<Coding> Codes { get; init; }

    /// <summary>Codes whose values mean this concept only in one dimension: urea (not urea nitrogen) by mass would be another number.</summary>
    public ImmutableDictionary<Coding, string> OnlyIn { get; init; } = ImmutableDictionary<Coding, string>.Empty;

    public ImmutableArray<UnitConversion> Conversions { get; init; } = [];

    /// <summary>Brings a value to this concept's unit.</summary>
    /// <param name="ucum">The UCUM code of the value; null where it was sent without a unit, which only scores and ratios may be.</param>
    /// <param name="matched">The coding under which the value was sent.</param>
    public Conversion Convert(decimal value, string? ucum, Coding matched)
    {
        if (Unit is null) return new Conversion.Converted(ToDouble(value), ucum, true);
        if (string.Equals(ucum, Unit, StringComparison.Ordinal) && !OnlyIn.ContainsKey(matched)) return Judged(value);
        var unit = ucum ?? "1";
        if (!Ucum.IsUnit(unit)) return new Conversion.Refused($"The unit of {Name} is no UCUM unit known here; expected {Unit}.");
        if (OnlyIn.TryGetValue(matched, out var only))
            return Ucum.TryConvert(value, unit, only, out var inOnly) ? FromNamed(only, inOnly, unit) : Different(unit, only);
        // A conversion named for this very unit comes first: HbA1c in mmol/mol is no mere fraction of per cent.
        if (Conversions.Any(c => string.Equals(c.From, unit, StringComparison.Ordinal))) return FromNamed(unit, value, unit);
        if (ucum is null && !Ucum.IsPlainNumber(Unit)) return new Conversion.Refused($"{Name} was sent without a unit; expected {Unit}.");
        if (TryConvert(value, unit, Unit, out var converted)) return Judged(converted);
        foreach (var conversion in Conversions)
            if (TryConvert(value, unit, conversion.From, out var start)) return FromNamed(conversion.From, start, unit);
        return Different(unit, Unit);
    }

    /// <summary>Converts between units, but never a percentage to a ratio, score or count: INR and prothrombin activity are different things.</summary>
    private static bool TryConvert(decimal value, string from, string to, out decimal converted)
    {
        converted = value;
        return (!Ucum.IsPlainNumber(to) || Ucum.IsPlainNumber(from)) && Ucum.TryConvert(value, from, to, out converted);
    }

    private Conversion FromNamed(string from, decimal value, string unit)
    {
        if (string.Equals(from, Unit, StringComparison.Ordinal)) return Judged(value);
        var conversion = Conversions.FirstOrDefault(c => string.Equals(c.From, from, StringComparison.Ordinal));
        return conversion?.Apply(value) is { } result ? Judged(result) : Different(unit, Unit ?? "");
    }

    private Conversion.Converted Judged(decimal value) =>
        new(ToDouble(value), Unit, (PlausibleLow is null || value >= PlausibleLow) && (PlausibleHigh is null || value <= PlausibleHigh));

    private Conversion.Refused Different(string unit, string expected) =>
        new($"The unit {Ucum.WithoutAnnotations(unit)} of {Name} can't be converted to {expected}.");

    /// <summary>The nearest double. The cast is exact for at most 53 bits over a power of ten up to 10^22; longer ones are parsed.</summary>
    private static double ToDouble(decimal value)
    {
        Span<int> bits = stackalloc int[4];
        decimal.GetBits(value, bits);
        var isShort = bits[2] == 0 && (uint)bits[1] < ExactHighBits && value.Scale <= ExactScaleMax;
        return isShort ? (double)value : double.Parse(value.ToString(CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);
    }
}
