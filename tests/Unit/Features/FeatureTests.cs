using HealthMLOps.Clinical;
using HealthMLOps.Features;
using static HealthMLOps.Tests.Unit.Clinical.AFact;

namespace HealthMLOps.Tests.Unit.Features;

public sealed class FeatureTests
{
    private static readonly FeatureSet Age = Sets.Of("""{"name":"age","kind":"age"}""");
    private static readonly FeatureSet MaxRate = Sets.Of("""{"name":"rate","concept":"heart-rate","window":"PT24H","aggregation":"max"}""");

    [Theory]
    [InlineData(1990, 0, 0, 36)]
    [InlineData(1990, 4, 0, 35)]
    [InlineData(1990, 3, 0, 36)]
    [InlineData(1990, 3, 2, 36)]
    [InlineData(1990, 3, 3, 35)]
    public void Age_is_in_completed_years_as_far_as_the_birth_date_tells(int year, int month, int day, int years) =>
        Assert.Equal(years, Age.Value(Timeline.Of([Of(1, 1, DateTimeOffset.MinValue, Born(year, month, day))]), Noon));

    [Theory]
    [InlineData("2026-02-28T12:00:00Z", 25)]
    [InlineData("2026-03-01T00:00:00Z", 26)]
    [InlineData("2028-02-29T00:00:00Z", 28)]
    public void Who_was_born_on_29_February_is_a_year_older_from_1_March_in_common_years(string at, int years) =>
        Assert.Equal(years, Age.Value(Timeline.Of([Of(1, 1, DateTimeOffset.MinValue, Born(2000, 2, 29))]), DateTimeOffset.Parse(at, System.Globalization.CultureInfo.InvariantCulture)));

    [Fact]
    public void A_value_entered_in_error_no_longer_counts()
    {
        var timeline = Timeline.Of([HeartRate(1, 80, 0), HeartRate(2, 190, 1)]);
        Assert.Equal(190, MaxRate.Value(timeline, Hour(2)));
        Assert.Equal(80, MaxRate.Value(timeline.Admit([HeartRate(2, 190, 1, version: 2).WithStanding(FactStanding.Retracted)]).After, Hour(2)));
    }

    [Fact]
    public void A_window_ends_with_the_as_of_time_and_begins_after_its_length()
    {
        var timeline = Timeline.Of([HeartRate(1, 190, 0), HeartRate(2, 80, 24)]);
        Assert.Equal(80, MaxRate.Value(timeline, Hour(24)));
        Assert.Equal(190, MaxRate.Value(timeline, Hour(23.9)));
    }

    [Fact]
    public void An_implausible_value_is_left_out_and_said_so_unless_the_feature_includes_it()
    {
        var timeline = Timeline.Of([HeartRate(1, 80, 0), Of(2, 1, Hour(0), Value("heart-rate", 900, 0, MeasurementFlags.Implausible))]);
        Assert.Equal(80, MaxRate.Value(timeline, Hour(1)));
        var input = Assert.Single(MaxRate.Explain(timeline, Hour(1), Hour(1)));
        Assert.Equal([Key(1)], input.Used.Select(entry => entry.Resource));
        Assert.Equal([(Key(2), LeftOutReason.Implausible)], input.LeftOut.Select(one => (one.Entry.Resource, one.Why)));
        var all = Sets.Of("""{"name":"rate","concept":"heart-rate","window":"PT24H","aggregation":"max","implausible":"include"}""");
        Assert.Equal(900, all.Value(timeline, Hour(1)));
    }

    [Fact]
    public void Two_components_of_one_resource_count_once()
    {
        var count = Sets.Of("""{"name":"rate","concept":"heart-rate","window":"PT24H","aggregation":"count"}""");
        Assert.Equal(1, count.Value(Timeline.Of([Of(1, 1, Hour(0), Value("heart-rate", 80, 0), Value("heart-rate", 81, 0))]), Hour(1)));
    }

    [Fact]
    public void A_value_in_another_unit_is_converted_or_left_out()
    {
        var celsius = Sets.Of("""{"name":"t","codes":["loinc|code-of-temp"],"unit":"Cel","window":"PT24H","aggregation":"last"}""");
        var entry = Value("temp", 100.4, 0) with { Concept = null };
        Assert.Equal(38, celsius.Value(Timeline.Of([Of(1, 1, Hour(0), entry with { Unit = "[degF]" })]), Hour(1)));
        Assert.Null(celsius.Value(Timeline.Of([Of(1, 1, Hour(0), entry with { Unit = "kg" })]), Hour(1)));
    }

    [Fact]
    public void A_value_with_a_comparator_counts_with_its_number_and_keeps_its_flag()
    {
        var timeline = Timeline.Of([Of(1, 1, Hour(0), Value("heart-rate", 300, 0, MeasurementFlags.GreaterThan))]);
        Assert.Equal(300, MaxRate.Value(timeline, Hour(1)));
        Assert.Equal(MeasurementFlags.GreaterThan, MaxRate.Explain(timeline, Hour(1), Hour(1))[0].Used[0].Flags);
    }

    [Fact]
    public void Problems_count_while_they_last_and_by_code()
    {
        var timeline = Timeline.Of([
            Of(1, 1, Hour(0), Event(ClinicalEventKind.Condition, EventPhase.Start, 0, "icd-10-cm|I509"), Event(ClinicalEventKind.Condition, EventPhase.End, 10, "icd-10-cm|I509")),
            Of(2, 1, Hour(0), Event(ClinicalEventKind.Condition, EventPhase.Start, 5, "snomed|44054006"))]);
        var all = Sets.Of("""{"name":"n","kind":"problems","aggregation":"count"}""");
        var heart = Sets.Of("""{"name":"n","kind":"problems","aggregation":"exists","codes":["icd-10-cm|I50*"]}""");
        Assert.Equal([1, 2, 1], new[] { 1, 6, 11 }.Select(hour => all.Value(timeline, Hour(hour))!.Value));
        Assert.Equal([1, 0], new[] { 6, 11 }.Select(hour => heart.Value(timeline, Hour(hour))!.Value));
    }

    [Fact]
    public void Admissions_before_the_index_stay_count_and_the_stay_itself_does_not()
    {
        var timeline = Timeline.Of([
            Of(1, 1, Hour(0), Step(EncounterStep.Admitted, 0, "IMP"), Step(EncounterStep.Discharged, 24)),
            Of(2, 1, Hour(0), Step(EncounterStep.Admitted, 50, "EMER"), Step(EncounterStep.ClassChanged, 52, "IMP"), Step(EncounterStep.Discharged, 98))]);
        Assert.Equal(1, Sets.Of("""{"name":"n","kind":"prior-admissions","window":"P30D"}""").Value(timeline, Hour(98)));
        Assert.Equal(2, Sets.Of("""{"name":"n","kind":"length-of-stay-days"}""").Value(timeline, Hour(98)));
        Assert.Equal(1, Sets.Of("""{"name":"n","kind":"encounters","classes":["EMER"],"window":"P30D"}""").Value(timeline, Hour(98)));
        Assert.Equal(4, Sets.Of("""{"name":"n","kind":"hours-since-admission"}""").Value(timeline, Hour(54)));
    }

    [Fact]
    public void A_missing_value_stays_missing_and_is_no_number_only_in_the_tensor()
    {
        var set = Sets.Of("""{"name":"a","concept":"heart-rate","window":"PT1H","aggregation":"last"},{"name":"sex","kind":"sex","categories":["male","female"]}""");
        var vector = set.Compute(Timeline.Of([Of(1, 1, DateTimeOffset.MinValue, Born(1950))]), Noon, Noon);
        Assert.Equal([null, 1.0], vector.Values);
        Assert.Equal("female", vector.CategoryOf(1));
        var row = new float[2];
        vector.ToTensor(row);
        Assert.Equal([float.NaN, 1f], row);
    }

    [Theory]
    [InlineData("""{"rule":"constant","value":75}""", 75.0)]
    [InlineData("""{"rule":"carry-forward","maxAge":"P2D"}""", 80.0)]
    [InlineData("""{"rule":"carry-forward","maxAge":"PT20H"}""", null)]
    public void What_stands_in_for_a_missing_value_is_declared(string impute, double? value)
    {
        var set = Sets.Of($$"""{"name":"a","concept":"heart-rate","window":"PT1H","aggregation":"last","impute":{{impute}}}""");
        Assert.Equal(value, set.Value(Timeline.Of([HeartRate(1, 80, 0)]), Hour(30)));
    }
}
