using HealthMLOps.Clinical;
using HealthMLOps.Intake;
using static HealthMLOps.Tests.Unit.Intake.AClinic;

namespace HealthMLOps.Tests.Unit.Intake;

public sealed class ObservationReaderTests
{
    private static string Loinc(string code) => $$"""{"coding":[{"system":"http://loinc.org","code":"{{code}}"}]}""";
    private static string Quantity(string value, string ucum) => $$"""{"value":{{value}},"system":"http://unitsofmeasure.org","code":"{{ucum}}"}""";

    [Fact]
    public void A_heart_rate_becomes_one_measurement_of_its_concept()
    {
        var used = Assert.IsType<ReadResource.Used>(Read(HeartRate())).Fact;
        var measurement = Assert.IsType<Measurement>(Assert.Single(used.Fact.Entries));
        Assert.Equal(("heart-rate", 80.0, "/min", MeasurementFlags.None), (measurement.Concept, measurement.Value, measurement.Unit, measurement.Flags));
        Assert.Equal(At("2026-11-20T10:00:00Z"), measurement.Effective);
        Assert.Equal(Noon, measurement.Available);
        Assert.Equal(Keys.Patient(Source.Name, "p1"), used.Patient);
        Assert.Equal("p1", Keys.Open(Keys.Resource(Source.Name, "Patient", "p1"), used.SealedPatient).Id);
        Assert.Equal("o1", Keys.Open(used.Fact.Resource, used.SealedId).Id);
    }

    [Theory]
    [InlineData("8310-5", "98.6", "[degF]", 37.0, "Cel")]
    [InlineData("29463-7", "154", "[lb_av]", 69.85322498, "kg")]
    [InlineData("8302-2", "70", "[in_i]", 177.8, "cm")]
    [InlineData("14682-9", "88.42", "umol/L", 1.0, "mg/dL")]
    [InlineData("8480-6", "16", "kPa", 120.010201, "mm[Hg]")]
    public void Values_arrive_in_the_concepts_unit(string loinc, string value, string ucum, double expected, string unit)
    {
        var measurement = Measurement(HeartRate(("code", Loinc(loinc)), ("valueQuantity", Quantity(value, ucum))));
        Assert.Equal(expected, measurement.Value!.Value, 1e-6);
        Assert.Equal(unit, measurement.Unit);
    }

    [Fact]
    public void Zero_is_a_value() => Assert.Equal(0.0, Measurement(HeartRate(("valueQuantity", Quantity("0", "/min")))).Value);

    [Fact]
    public void An_implausible_value_is_kept_and_flagged()
    {
        var measurement = Measurement(HeartRate(("valueQuantity", Quantity("800", "/min"))));
        Assert.Equal((800.0, MeasurementFlags.Implausible), (measurement.Value, measurement.Flags));
    }

    [Theory]
    [InlineData("<", MeasurementFlags.LessThan)]
    [InlineData("<=", MeasurementFlags.LessOrEqual)]
    [InlineData(">=", MeasurementFlags.GreaterOrEqual)]
    [InlineData(">", MeasurementFlags.GreaterThan)]
    public void A_comparator_is_kept_beside_the_value(string comparator, MeasurementFlags flag) =>
        Assert.Equal(flag, Measurement(HeartRate(("valueQuantity", $$"""{"value":80,"code":"/min","comparator":"{{comparator}}"}"""))).Flags);

    [Fact]
    public void A_missing_value_keeps_its_reason()
    {
        var measurement = Measurement(HeartRate(("valueQuantity", ""), ("dataAbsentReason", """{"coding":[{"code":"not-performed"}]}""")));
        Assert.Equal((null, "not-performed"), (measurement.Value, measurement.AbsentReason));
    }

    [Fact]
    public void Any_coding_of_a_concept_may_match_and_local_codes_are_mapped()
    {
        Assert.Equal("heart-rate", Measurement(HeartRate(("code", """{"coding":[{"system":"urn:x","code":"1"},{"system":"urn:oid:2.16.840.1.113883.6.1","code":"8867-4"}]}"""))).Concept);
        Assert.Equal("heart-rate", Measurement(HeartRate(("code", """{"coding":[{"system":"urn:clinic","code":"HR"}]}"""))).Concept);
    }

    [Fact]
    public void A_pulse_oximetry_under_two_codes_is_counted_once()
    {
        var both = """{"coding":[{"system":"http://loinc.org","code":"59408-5"},{"system":"http://loinc.org","code":"2708-6"}]}""";
        var component = $$"""[{"code":{{Loinc("3151-8")}},"valueQuantity":{{Quantity("6", "L/min")}}}]""";
        var fact = Fact(HeartRate(("code", both), ("valueQuantity", Quantity("95", "%")), ("component", component)));
        Assert.Equal(["spo2", "oxygen-flow"], fact.Entries.Cast<Measurement>().Select(m => m.Concept));
    }

    [Fact]
    public void A_blood_pressure_panel_is_its_components()
    {
        var components = $$"""[{"code":{{Loinc("8480-6")}},"valueQuantity":{{Quantity("120", "mm[Hg]")}}},{"code":{{Loinc("8462-4")}},"dataAbsentReason":{"coding":[{"code":"error"}] } } ]""";
        var fact = Fact(HeartRate(("code", Loinc("85354-9")), ("valueQuantity", ""), ("component", components)));
        var measurements = fact.Entries.Cast<Measurement>().ToList();
        Assert.Equal(["systolic-bp", "diastolic-bp"], measurements.Select(m => m.Concept));
        Assert.Equal(("error", (double?)null), (measurements[1].AbsentReason, measurements[1].Value));
    }

    [Fact]
    public void A_unit_spelled_out_needs_an_alias_of_the_source()
    {
        Assert.Equal(80.0, Measurement(HeartRate(("valueQuantity", """{"value":80,"unit":"bpm"}"""))).Value);
        var refused = Refused(HeartRate(("valueQuantity", """{"value":80,"unit":"beats per minute"}""")));
        Assert.Equal((RefusalCodes.Unit, "Observation.valueQuantity.code"), (refused.Code, refused.Element));
    }

    [Fact]
    public void A_wrong_unit_in_a_component_refuses_the_whole_resource_and_names_the_component()
    {
        var components = $$"""[{"code":{{Loinc("8480-6")}},"valueQuantity":{{Quantity("120", "mm[Hg]")}}},{"code":{{Loinc("8462-4")}},"valueQuantity":{{Quantity("77", "kg")}}}]""";
        var refused = Refused(HeartRate(("code", Loinc("85354-9")), ("valueQuantity", ""), ("component", components)));
        Assert.Equal((RefusalCodes.Unit, "Observation.component[1].valueQuantity"), (refused.Code, refused.Element));
        Assert.DoesNotContain("77", refused.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("registered")]
    [InlineData("cancelled")]
    [InlineData("unknown")]
    public void A_status_without_a_result_gives_a_fact_without_entries(string status)
    {
        var fact = Fact(HeartRate(("status", $"\"{status}\"")));
        Assert.Equal((FactStanding.Active, $"status-{status}", 0), (fact.Standing, fact.UnusedBecause, fact.Entries.Length));
    }

    [Fact]
    public void Entered_in_error_retracts()
    {
        var fact = Fact(HeartRate(("status", "\"entered-in-error\""), ("valueQuantity", "")));
        Assert.Equal((FactStanding.Retracted, 0), (fact.Standing, fact.Entries.Length));
    }

    [Fact]
    public void A_preliminary_result_is_flagged() =>
        Assert.Equal(MeasurementFlags.Preliminary, Measurement(HeartRate(("status", "\"preliminary\""))).Flags);

    [Fact]
    public void Imported_results_were_known_when_issued_and_corrections_when_written()
    {
        Assert.Equal(At("2026-11-20T10:40:00Z"), Measurement(HeartRate(), ReadClock.History).Available);
        Assert.Null(Measurement(HeartRate(("issued", "")), ReadClock.History).Available);
        var meta = ("meta", """{"lastUpdated":"2026-11-20T11:30:00Z","versionId":"2"}""");
        Assert.Equal(At("2026-11-20T11:30:00Z"), Measurement(HeartRate(("status", "\"amended\""), meta), ReadClock.History).Available);
        Assert.Null(Measurement(HeartRate(("status", "\"corrected\"")), ReadClock.History).Available);
    }

    [Theory]
    [InlineData("\"2026-11-20\"", "2026-11-19T23:00:00Z")]
    [InlineData("\"2026-07\"", "2026-06-30T22:00:00Z")]
    [InlineData("\"2026\"", "2025-12-31T23:00:00Z")]
    [InlineData("\"2026-11-20T10:00:00.123456789+01:00\"", "2026-11-20T09:00:00.1234567Z")]
    public void Dates_without_a_time_are_of_the_sources_zone(string sent, string effective) =>
        Assert.Equal(At(effective), Measurement(HeartRate(("effectiveDateTime", sent))).Effective);

    [Theory]
    [InlineData("\"2026-11-20T10:00:00\"")]
    [InlineData("\"2026-02-30\"")]
    [InlineData("\"20 November\"")]
    [InlineData("\"2026-11-20T25:00:00Z\"")]
    public void A_time_that_fhir_does_not_allow_is_refused(string sent)
    {
        var refused = Refused(HeartRate(("effectiveDateTime", sent)));
        Assert.Equal((RefusalCodes.WrongValue, "Observation.effectiveDateTime"), (refused.Code, refused.Element));
    }

    [Fact]
    public void Free_text_never_becomes_a_value()
    {
        var measurement = Measurement(HeartRate(("valueQuantity", ""), ("valueString", "\"seen by Dr Smith\"")));
        Assert.Equal("as-text", measurement.AbsentReason);
        Assert.DoesNotContain("Smith", measurement.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void White_space_escapes_and_meta_do_not_change_the_content_hash_but_a_value_does()
    {
        var one = Fact(HeartRate());
        var spaced = Fact(HeartRate().Replace(":", " : ", StringComparison.Ordinal).Replace("T10 : 00 : 00Z", "T10:00:00Z", StringComparison.Ordinal)
            .Replace("T10 : 40 : 00Z", "T10:40:00Z", StringComparison.Ordinal).Replace("http : ", "http:", StringComparison.Ordinal).Replace("\"final\"", "\"\\u0066inal\"", StringComparison.Ordinal));
        var other = Fact(HeartRate(("valueQuantity", Quantity("81", "/min"))));
        Assert.Equal(one.Version.ContentHash, spaced.Version.ContentHash);
        Assert.NotEqual(one.Version.ContentHash, other.Version.ContentHash);
        Assert.Equal(Noon.UtcTicks, one.Version.LastUpdatedTicks);
    }
}
