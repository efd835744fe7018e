using HealthMLOps.Clinical;
using HealthMLOps.Features;
using static HealthMLOps.Tests.Unit.Clinical.AFact;

namespace HealthMLOps.Tests.Unit.Features;

public sealed class News2Tests
{
    private static readonly FeatureSet Whole = Sets.Of("""{"name":"news2","kind":"news2","window":"PT24H"}""");
    private static readonly FeatureSet Partial = Sets.Of("""{"name":"news2","kind":"news2","window":"PT24H","partial":["supplemental-oxygen","consciousness"]}""");

    [Theory]
    [InlineData(8, 3)] [InlineData(9, 1)] [InlineData(11, 1)] [InlineData(12, 0)] [InlineData(20, 0)] [InlineData(21, 2)] [InlineData(24, 2)] [InlineData(25, 3)]
    public void Respiratory_rate_scores_as_the_chart_says(double rate, int points) => Assert.Equal(points, News2.RespiratoryRate(rate));

    [Theory]
    [InlineData(91, 3)] [InlineData(92, 2)] [InlineData(93, 2)] [InlineData(94, 1)] [InlineData(95, 1)] [InlineData(96, 0)]
    public void Saturation_scores_as_the_chart_says(double percent, int points) => Assert.Equal(points, News2.Saturation(percent));

    [Theory]
    [InlineData(83, BreathedGas.Air, 3)] [InlineData(84, BreathedGas.Air, 2)] [InlineData(85, BreathedGas.Oxygen, 2)] [InlineData(86, BreathedGas.Air, 1)] [InlineData(87, BreathedGas.Air, 1)]
    [InlineData(88, BreathedGas.Oxygen, 0)] [InlineData(92, BreathedGas.Oxygen, 0)] [InlineData(93, BreathedGas.Air, 0)] [InlineData(99, BreathedGas.Air, 0)]
    [InlineData(93, BreathedGas.Oxygen, 1)] [InlineData(94, BreathedGas.Oxygen, 1)] [InlineData(95, BreathedGas.Oxygen, 2)] [InlineData(96, BreathedGas.Oxygen, 2)] [InlineData(97, BreathedGas.Oxygen, 3)]
    public void The_second_saturation_scale_counts_high_values_on_oxygen_only(double percent, BreathedGas gas, int points) => Assert.Equal(points, News2.SaturationScale2(percent, gas));

    [Theory]
    [InlineData(90, 3)] [InlineData(91, 2)] [InlineData(100, 2)] [InlineData(101, 1)] [InlineData(110, 1)] [InlineData(111, 0)] [InlineData(219, 0)] [InlineData(220, 3)]
    public void Systolic_pressure_scores_as_the_chart_says(double mmHg, int points) => Assert.Equal(points, News2.SystolicPressure(mmHg));

    [Theory]
    [InlineData(40, 3)] [InlineData(41, 1)] [InlineData(50, 1)] [InlineData(51, 0)] [InlineData(90, 0)] [InlineData(91, 1)] [InlineData(110, 1)] [InlineData(111, 2)] [InlineData(130, 2)] [InlineData(131, 3)]
    public void Pulse_scores_as_the_chart_says(double rate, int points) => Assert.Equal(points, News2.Pulse(rate));

    [Theory]
    [InlineData(35.0, 3)] [InlineData(35.1, 1)] [InlineData(36.0, 1)] [InlineData(36.1, 0)] [InlineData(38.0, 0)] [InlineData(38.1, 1)] [InlineData(39.0, 1)] [InlineData(39.1, 2)]
    public void Temperature_scores_as_the_chart_says(double celsius, int points) => Assert.Equal(points, News2.Temperature(celsius));

    [Fact]
    public void A_well_patient_on_air_scores_nothing() => Assert.Equal(0, Whole.Value(Chart(16, 98, 0, 120, 70, 37, 15), Hour(1)));

    [Fact]
    public void A_sick_patient_on_oxygen_scores_the_sum_of_all_parts() => Assert.Equal(3 + 2 + 2 + 3 + 3 + 3 + 2, Whole.Value(Chart(28, 92, 4, 85, 135, 39.5, 13), Hour(1)));

    [Fact]
    public void Without_a_part_there_is_no_score_unless_it_is_declared_partial()
    {
        var noOxygen = Timeline.Of(Facts(16, 98, 0, 120, 70, 37, 15).Where(fact => ((Measurement)fact.Entries[0]).Concept is not ("oxygen-flow" or "glasgow-coma")));
        Assert.Null(Whole.Value(noOxygen, Hour(1)));
        Assert.Equal(0, Partial.Value(noOxygen, Hour(1)));
        Assert.Null(Partial.Value(Timeline.Of([HeartRate(1, 80, 0)]), Hour(1)));
    }

    [Theory]
    [InlineData("LA9340-6", 0)] [InlineData("LA9341-4", 3)]
    public void A_coded_level_of_consciousness_goes_before_the_coma_score(string answer, int points)
    {
        var level = Of(50, 1, Hour(0), Value("consciousness", 0, 0) with { Value = null, Unit = null, CodedValue = [new Coding(CodeSystems.Loinc, answer)] });
        Assert.Equal(points, Whole.Value(Timeline.Of(Facts(16, 98, 0, 120, 70, 37, 3).Append(level)), Hour(1)));
    }

    private static Timeline Chart(params double[] values) => Timeline.Of(Facts(values));

    private static IEnumerable<Fact> Facts(params double[] values) =>
        ((string[])["respiratory-rate", "spo2", "oxygen-flow", "systolic-bp", "heart-rate", "body-temperature", "glasgow-coma"])
            .Zip(values, (concept, value) => Value(concept, value, 0)).Select((entry, n) => Of(n + 1, 1, Hour(0), entry));
}
