using HealthMLOps.Clinical;
using HealthMLOps.Features;

namespace HealthMLOps.Tests.Unit.Features;

public sealed class FeatureSetTests
{
    private const string Line = """{"name":"a","concept":"heart-rate","window":"PT1H","aggregation":"last"}""";

    [Theory]
    [InlineData("deterioration", 40)]
    [InlineData("readmission", 28)]
    [InlineData("icu-mortality-48h", 196)]
    public void The_shipped_sets_read(string name, int count)
    {
        var set = FeatureSet.Read(RepositoryFiles.Config("features", $"{name}.json"), Sets.Catalog);
        Assert.Equal((name, count), (set.Name, set.Features.Length));
        Assert.Equal(set.Features.Length, set.Compute(Timeline.Empty, Clinical.AFact.Noon, Clinical.AFact.Noon).Values.Length);
    }

    [Fact]
    public void Neither_white_space_nor_words_for_people_change_the_hash()
    {
        var spaced = FeatureSet.Read($$"""{ "name": "tried",  "description": "words", "features": [ {{Line.Replace(",", " , ", StringComparison.Ordinal)}} ] }""", Sets.Catalog);
        Assert.Equal(Sets.Of(Line).Hash, spaced.Hash);
        Assert.Equal(64, spaced.Hash.Length);
    }

    [Theory]
    [InlineData("PT1H", "PT2H")]
    [InlineData("last", "max")]
    [InlineData("heart-rate", "respiratory-rate")]
    [InlineData("\"a\"", "\"b\"")]
    [InlineData("\"last\"", "\"last\",\"implausible\":\"include\"")]
    [InlineData("\"last\"", "\"last\",\"unit\":\"/s\"")]
    [InlineData("\"last\"", "\"last\",\"impute\":{\"rule\":\"constant\",\"value\":1}")]
    public void Whatever_changes_a_value_changes_the_hash(string from, string to) =>
        Assert.NotEqual(Sets.Of(Line).Hash, Sets.Of(Line.Replace(from, to, StringComparison.Ordinal)).Hash);

    [Theory]
    [InlineData("heart-rate", "heart-rat", "'heart-rat'")]
    [InlineData("PT1H", "P1M", "'P1M'")]
    [InlineData("last", "newest", "slope-per-day")]
    [InlineData("\"last\"", "\"last\",\"unit\":\"kg\"", "'kg'")]
    [InlineData("\"last\"", "\"last\",\"windows\":\"PT1H\"", "'windows'")]
    [InlineData("\"name\":\"a\"", "\"name\":\"a\",\"kind\":\"weather\"", "'weather'")]
    [InlineData("}", "},{\"name\":\"a\",\"kind\":\"age\"}", "2 times")]
    public void A_refusal_names_what_is_wrong(string from, string to, string named) =>
        Assert.Contains(named, Assert.Throws<InvalidConfiguration>(() => Sets.Of(Line.Replace(from, to, StringComparison.Ordinal))).Message, StringComparison.Ordinal);
}
