using HealthMLOps.Clinical;
using NJsonSchema;

namespace HealthMLOps.Tests.Unit.Clinical;

public sealed class ConceptCatalogTests
{
    private static readonly ConceptCatalog Shipped = ConceptCatalog.Read(RepositoryFiles.Config("codes", "concepts.json"));

    [Theory]
    [InlineData("8310-5", "98.6", "[degF]", 37.0, "Cel")]
    [InlineData("14682-9", "88.42", "umol/L", 1.0, "mg/dL")]
    [InlineData("2160-0", "884.2", "umol/L", 10.0, "mg/dL")]
    [InlineData("2345-7", "10", "mmol/L", 180.16, "mg/dL")]
    [InlineData("2524-7", "18.016", "mg/dL", 2.0, "mmol/L")]
    [InlineData("14631-6", "34.2", "umol/L", 2.0, "mg/dL")]
    [InlineData("22664-7", "10", "mmol/L", 28.01, "mg/dL")]
    [InlineData("10839-9", "0.5", "ug/L", 0.5, "ng/mL")]
    [InlineData("777-3", "250", "10*9/L", 250.0, "10*3/uL")]
    [InlineData("1751-7", "41", "g/L", 4.1, "g/dL")]
    [InlineData("1988-5", "2.5", "mg/dL", 25.0, "mg/L")]
    [InlineData("3150-6", "0.4", "1", 40.0, "%")]
    [InlineData("2823-3", "4.2", "meq/L", 4.2, "mmol/L")]
    [InlineData("2601-3", "1", "mmol/L", 2.4305, "mg/dL")]
    [InlineData("17861-6", "5", "meq/L", 10.0195, "mg/dL")]
    [InlineData("4548-4", "42", "mmol/mol", 5.99416, "%")]
    [InlineData("59261-8", "42", "mmol/mol", 5.99416, "%")]
    [InlineData("1742-6", "30", "[IU]/L", 30.0, "U/L")]
    [InlineData("6301-6", "1.1", "{ratio}", 1.1, "{INR}")]
    [InlineData("2744-1", "7.4", "{pH}", 7.4, "[pH]")]
    [InlineData("9269-2", "15", null, 15.0, "{score}")]
    [InlineData("8480-6", "16", "kPa", 120.010201, "mm[Hg]")]
    public void Values_arrive_in_the_concepts_unit(string loinc, string value, string? unit, double expected, string canonical)
    {
        var converted = Assert.IsType<Conversion.Converted>(Convert(loinc, value, unit));
        Assert.Equal(expected, converted.Value, 1e-6);
        Assert.Equal(canonical, converted.Unit);
        Assert.True(converted.Plausible);
    }

    [Theory]
    [InlineData("8867-4", "72", "bpm")]
    [InlineData("8867-4", "72", null)]
    [InlineData("3150-6", "40", null)]
    [InlineData("22664-7", "40", "mg/dL")]
    [InlineData("17861-6", "5", "[CFU]")]
    [InlineData("6301-6", "90", "%")]
    [InlineData("2744-1", "7.4", "%")]
    [InlineData("777-3", "250", "g/L")]
    public void Units_that_do_not_fit_are_refused(string loinc, string value, string? unit)
    {
        var refused = Assert.IsType<Conversion.Refused>(Convert(loinc, value, unit));
        Assert.DoesNotContain(value, refused.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_repeats_no_free_text_of_an_annotation() =>
        Assert.DoesNotContain("Smith", Assert.IsType<Conversion.Refused>(Convert("8867-4", "72", "mg{Smith}")).Reason, StringComparison.Ordinal);

    [Theory]
    [InlineData("8867-4", "9.99", false)]
    [InlineData("8867-4", "10", true)]
    [InlineData("8867-4", "300", true)]
    [InlineData("8867-4", "300.01", false)]
    public void The_plausible_limits_are_included(string loinc, string value, bool plausible) =>
        Assert.Equal(plausible, Assert.IsType<Conversion.Converted>(Convert(loinc, value, "/min")).Plausible);

    [Fact]
    public void Any_coding_may_name_the_concept() =>
        Assert.Equal("heart-rate", Shipped.Match([new Coding("urn:local", "HR"), new Coding(CodeSystems.Loinc, "8867-4")])?.Name);

    [Fact]
    public void An_unknown_code_names_no_concept() => Assert.Null(Shipped.Match([new Coding(CodeSystems.Loinc, "0-0")]));

    [Fact]
    public async Task The_shipped_concepts_keep_their_schema()
    {
        var schema = await JsonSchema.FromJsonAsync(RepositoryFiles.Config("codes", "concepts.schema.json"), TestContext.Current.CancellationToken);
        Assert.Empty(schema.Validate(RepositoryFiles.Config("codes", "concepts.json")));
    }

    [Theory]
    [InlineData("""{"concepts":[{"name":"a","unit":"furlong","codes":[{"code":"1"}]}]}""", "furlong")]
    [InlineData("""{"concepts":[{"name":"a","codes":[{"code":"1"}]},{"name":"b","codes":[{"code":"1"}]}]}""", "loinc|1")]
    [InlineData("""{"concepts":[{"name":"a","codes":[{"code":"1"}]},{"name":"a","codes":[{"code":"2"}]}]}""", "'a'")]
    [InlineData("""{"concepts":[{"name":"a","codes":[]}]}""", "'a'")]
    [InlineData("""{"concepts":[{"name":"a","colour":"red","codes":[{"code":"1"}]}]}""", "colour")]
    [InlineData("""{"concepts":[{"name":"a","unit":"%","plausible":{"low":5,"high":5},"codes":[{"code":"1"}]}]}""", "'a'")]
    [InlineData("""{"concepts":""", "concepts.json")]
    public void A_broken_catalogue_is_refused_by_name(string json, string named) =>
        Assert.Contains(named, Assert.Throws<InvalidConfiguration>(() => ConceptCatalog.Read(json)).Message, StringComparison.Ordinal);

    private static Conversion Convert(string loinc, string value, string? unit)
    {
        var code = new Coding(CodeSystems.Loinc, loinc);
        return Shipped.Match([code])!.Convert(decimal.Parse(value, System.Globalization.CultureInfo.InvariantCulture), unit, code);
    }
}
