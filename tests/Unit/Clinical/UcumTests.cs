using CsCheck;
using Fhir.Metrics;
using HealthMLOps.Clinical;

namespace HealthMLOps.Tests.Unit.Clinical;

public sealed class UcumTests
{
    private static readonly Lazy<SystemOfUnits> Oracle = new(UCUM.Load);

    [Theory]
    [InlineData("98.6", "[degF]", "Cel", "37")]
    [InlineData("310.15", "K", "Cel", "37")]
    [InlineData("-40", "Cel", "[degF]", "-40")]
    [InlineData("154", "[lb_av]", "kg", "69.85322498")]
    [InlineData("70", "[in_i]", "cm", "177.8")]
    [InlineData("7.3", "10*9/L", "10*3/uL", "7.3")]
    [InlineData("0.5", "1", "%", "50")]
    [InlineData("42", "%", "{fraction}", "0.42")]
    [InlineData("3", "g/(24.h)", "mg/h", "125")]
    [InlineData("1", "m2", "cm2", "10000")]
    [InlineData("72", "{beats}/min", "/min", "72")]
    [InlineData("2", "/s", "/min", "120")]
    [InlineData("0.04", "ug/L", "ng/mL", "0.04")]
    [InlineData("120", "ug/L", "ng/L", "120000")]
    [InlineData("16", "kPa", "Pa", "16000")]
    [InlineData("1", "U/L", "umol/min/L", "1")]
    [InlineData("60", "mL/min/{1.73_m2}", "L/h", "3.6")]
    [InlineData("1", "10*-3", "1", "0.001")]
    public void Conversions_are_exact(string value, string from, string to, string expected)
    {
        Assert.True(Ucum.TryConvert(Decimal(value), from, to, out var converted));
        Assert.Equal(Decimal(expected), converted);
    }

    [Fact]
    public void A_kilopascal_is_seven_and_a_half_millimetres_of_mercury()
    {
        Assert.True(Ucum.TryConvert(1, "kPa", "mm[Hg]", out var converted));
        Assert.Equal(7.50064m, decimal.Round(converted, 5));   // UCUM: 1 m[Hg] is 133.322 kPa exactly.
    }

    [Theory]
    [InlineData("mg/dL", "mmol/L")]
    [InlineData("meq/L", "mmol/L")]
    [InlineData("[IU]/L", "U/L")]
    [InlineData("Cel/min", "K/min")]
    [InlineData("Cel2", "K2")]
    [InlineData("mmHg", "mm[Hg]")]
    [InlineData("bpm", "/min")]
    [InlineData("degF", "Cel")]
    [InlineData("", "1")]
    [InlineData("kg/", "kg")]
    [InlineData("kg//m2", "kg/m2")]
    [InlineData("{open", "1")]
    [InlineData("(kg", "kg")]
    [InlineData("m99", "m99")]
    [InlineData("KG", "kg")]
    [InlineData("mg/dL ", "mg/dL")]
    [InlineData("((((((((((kg))))))))))", "kg")]
    public void Other_dimensions_and_unknown_units_are_refused(string from, string to) =>
        Assert.False(Ucum.TryConvert(1, from, to, out _));

    [Theory]
    [InlineData("kPa", "mm[Hg]")]
    [InlineData("[in_i]", "cm")]
    [InlineData("[ft_i]", "m")]
    [InlineData("[lb_av]", "kg")]
    [InlineData("[oz_av]", "g")]
    [InlineData("mg/dL", "g/L")]
    [InlineData("umol/L", "mmol/L")]
    [InlineData("10*6/uL", "10*9/L")]
    [InlineData("L/min", "mL/s")]
    [InlineData("cm[H2O]", "mm[Hg]")]
    [InlineData("wk", "h")]
    [InlineData("kg/m2", "g/cm2")]
    [InlineData("nkat/L", "U/L")]
    [InlineData("cal", "J")]
    public void Factors_agree_with_the_fhir_metrics_library(string from, string to)
    {
        Assert.True(Ucum.TryConvert(1, from, to, out var ours));
        var theirs = Canonical(from) / Canonical(to);
        Assert.Equal(1.0, (double)(ours / theirs), 1e-6);

        static decimal Canonical(string unit) => Oracle.Value.Canonical(Oracle.Value.Quantity("1.00000000", unit)).Value.ToDecimal();
    }

    [Fact]
    public void A_value_converted_there_and_back_is_the_same()
    {
        string[][] families = [["Cel", "[degF]", "K"], ["kg", "[lb_av]", "g", "mg"], ["cm", "[in_i]", "m"], ["mm[Hg]", "kPa", "Pa"], ["mg/dL", "g/L", "ug/mL"], ["10*3/uL", "10*9/L"]];
        (from family in AnyOf(families)
         from one in AnyOf(family)
         from other in AnyOf(family)
         from thousandths in Gen.Int[-1_000_000, 1_000_000]
         select (one, other, value: thousandths / 1000m)).Sample(c =>
        {
            Assert.True(Ucum.TryConvert(c.value, c.one, c.other, out var there));
            Assert.True(Ucum.TryConvert(there, c.other, c.one, out var back));
            Assert.Equal(c.value, decimal.Round(back, 15));
        });
    }

    [Fact]
    public void No_text_makes_the_parser_throw() =>
        AnyOf([.. "mgLdk/.*{}()[]10-+%H^ "]).Array[0, 20].Select(letters => new string(letters)).Sample(text => Ucum.IsUnit(text) || !Ucum.IsUnit(text), iter: 20_000);

    private static Gen<T> AnyOf<T>(T[] choices) => Gen.Int[0, choices.Length - 1].Select(i => choices[i]);

    private static decimal Decimal(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
