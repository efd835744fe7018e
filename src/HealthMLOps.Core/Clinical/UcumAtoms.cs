using System.Collections.Frozen;

namespace HealthMLOps.Clinical;

/// <summary>The UCUM atoms and prefixes that clinical data use.</summary>
/// <remarks>
/// Values are those of UCUM 2.1, table by table. On purpose other than UCUM, which would let them cancel:
/// <c>mol</c>, <c>eq</c> and <c>osm</c> are dimensions of their own, because how many mmol a meq is depends on the substance.
/// </remarks>
internal static class UcumAtoms
{
    private static readonly FrozenDictionary<string, Rational> Prefixes = new Dictionary<string, Rational>(StringComparer.Ordinal)
    {
        ["T"] = Ten(12), ["G"] = Ten(9), ["M"] = Ten(6), ["k"] = Ten(3), ["h"] = Ten(2), ["da"] = Ten(1), ["d"] = Ten(-1),
        ["c"] = Ten(-2), ["m"] = Ten(-3), ["u"] = Ten(-6), ["n"] = Ten(-9), ["p"] = Ten(-12), ["f"] = Ten(-15), ["a"] = Ten(-18),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static readonly FrozenDictionary<string, UcumUnit> Metric = MetricAtoms();
    private static readonly FrozenDictionary<string, UcumUnit> Other = OtherAtoms(Metric);

    /// <summary>The unit of an atom with or without a prefix; null where there is none.</summary>
    public static UcumUnit? Find(string symbol)
    {
        if (Other.TryGetValue(symbol, out var unit) || Metric.TryGetValue(symbol, out unit)) return unit;
        for (var letters = 1; letters <= 2 && letters < symbol.Length; letters++)
        {
            if (Prefixes.TryGetValue(symbol[..letters], out var factor) && Metric.TryGetValue(symbol[letters..], out unit))
                return unit.Scaled(factor);
        }
        return null;
    }

    private static FrozenDictionary<string, UcumUnit> MetricAtoms()
    {
        var atoms = new Dictionary<string, UcumUnit>(StringComparer.Ordinal);
        foreach (var name in new[] { "m", "s", "g", "K", "C", "cd", "rad", "mol", "eq", "osm", "[iU]", "[arb'U]" }) atoms[name] = UcumUnit.Fundamental(name);
        UcumUnit Of(Rational factor, params ReadOnlySpan<(string Atom, int Exponent)> parts)
        {
            var unit = UcumUnit.Number(factor);
            foreach (var (atom, exponent) in parts) unit = unit.Times(atoms[atom], exponent);
            return unit;
        }
        atoms["[IU]"] = atoms["[iU]"];
        atoms["L"] = atoms["l"] = Of(Ten(-3), ("m", 3));
        atoms["N"] = Of(Ten(3), ("g", 1), ("m", 1), ("s", -2));
        atoms["Pa"] = Of(Ten(0), ("N", 1), ("m", -2));
        atoms["J"] = Of(Ten(0), ("N", 1), ("m", 1));
        atoms["W"] = Of(Ten(0), ("J", 1), ("s", -1));
        atoms["Hz"] = Of(Ten(0), ("s", -1));
        atoms["A"] = Of(Ten(0), ("C", 1), ("s", -1));
        atoms["V"] = Of(Ten(0), ("J", 1), ("C", -1));
        atoms["bar"] = Of(Ten(5), ("Pa", 1));
        atoms["t"] = Of(Ten(6), ("g", 1));
        atoms["cal"] = Of(Rational.Of(4.184m), ("J", 1));
        atoms["kat"] = Of(Ten(0), ("mol", 1), ("s", -1));
        atoms["U"] = Of(Ten(-6) / Rational.Of(60), ("mol", 1), ("s", -1));
        atoms["m[Hg]"] = Of(Rational.Of(133322), ("Pa", 1));
        atoms["m[H2O]"] = Of(Rational.Of(9806.65m), ("Pa", 1));
        return atoms.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static FrozenDictionary<string, UcumUnit> OtherAtoms(FrozenDictionary<string, UcumUnit> metric)
    {
        UcumUnit Of(decimal factor, string atom) => metric[atom].Scaled(Rational.Of(factor));
        var kelvin = metric["K"];
        return new Dictionary<string, UcumUnit>(StringComparer.Ordinal)
        {
            ["10*"] = UcumUnit.Number(Ten(1)), ["10^"] = UcumUnit.Number(Ten(1)),
            ["%"] = UcumUnit.Number(Ten(-2)), ["[ppth]"] = UcumUnit.Number(Ten(-3)), ["[ppm]"] = UcumUnit.Number(Ten(-6)), ["[ppb]"] = UcumUnit.Number(Ten(-9)),
            ["min"] = Of(60, "s"), ["h"] = Of(3600, "s"), ["d"] = Of(86400, "s"), ["wk"] = Of(604800, "s"),
            ["a"] = Of(31557600, "s"), ["mo"] = Of(2629800, "s"),
            ["[in_i]"] = Of(0.0254m, "m"), ["[ft_i]"] = Of(0.3048m, "m"), ["[yd_i]"] = Of(0.9144m, "m"),
            ["[lb_av]"] = Of(453.59237m, "g"), ["[oz_av]"] = Of(28.349523125m, "g"), ["[stone_av]"] = Of(6350.29318m, "g"), ["[gr]"] = Of(0.06479891m, "g"),
            ["[foz_us]"] = Of(0.0295735295625m, "L"), ["atm"] = Of(101325, "Pa"),
            ["Cel"] = kelvin with { Offset = Rational.Of(273.15m) },
            ["[degF]"] = kelvin with { Factor = Rational.Of(5, 9), Offset = Rational.Of(459.67m) * Rational.Of(5, 9) },
            ["[pH]"] = UcumUnit.Fundamental("[pH]"), ["[CFU]"] = UcumUnit.Fundamental("[CFU]"), ["[USP'U]"] = UcumUnit.Fundamental("[USP'U]"),
            ["[drp]"] = UcumUnit.Fundamental("[drp]"), ["deg"] = UcumUnit.Fundamental("deg"),
        }.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private static Rational Ten(int exponent) => Rational.Of(10).Power(exponent);
}
