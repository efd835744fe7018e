using CsCheck;
using HealthMLOps.Intake;
using static HealthMLOps.Tests.Unit.Intake.AClinic;

namespace HealthMLOps.Tests.Unit.Intake;

public sealed class BadInputTests
{
    [Theory]
    [InlineData("status", "5", "Observation.status", "a string")]
    [InlineData("code", "\"8867-4\"", "Observation.code", "an object")]
    [InlineData("code", """{"coding":{"code":"8867-4"}}""", "Observation.code.coding", "an array")]
    [InlineData("code", """{"coding":["8867-4"]}""", "Observation.code.coding[0]", "an object")]
    [InlineData("valueQuantity", """{"value":"80"}""", "Observation.valueQuantity.value", "a number")]
    [InlineData("valueQuantity", "80", "Observation.valueQuantity", "an object")]
    [InlineData("effectiveDateTime", "20261120", "Observation.effectiveDateTime", "a string")]
    [InlineData("subject", "\"Patient/p1\"", "Observation.subject", "an object")]
    [InlineData("component", "{}", "Observation.component", "an array")]
    [InlineData("meta", """{"lastUpdated":1}""", "Observation.meta.lastUpdated", "a string")]
    [InlineData("id", "null", "Observation.id", "a string")]
    public void A_wrong_json_type_names_the_element_and_the_expected_type(string name, string json, string element, string expected)
    {
        var refused = Refused(HeartRate((name, json)));
        Assert.Equal((RefusalCodes.WrongType, element), (refused.Code, refused.Element));
        Assert.Contains($"expected {expected}", refused.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("id", "", "Observation.id", RefusalCodes.Required)]
    [InlineData("id", "\"a b\"", "Observation.id", RefusalCodes.WrongValue)]
    [InlineData("status", "", "Observation.status", RefusalCodes.Required)]
    [InlineData("status", "\"done\"", "Observation.status", RefusalCodes.WrongValue)]
    [InlineData("subject", "", "Observation.subject", RefusalCodes.Required)]
    [InlineData("subject", """{"display":"John"}""", "Observation.subject", RefusalCodes.Required)]
    [InlineData("subject", """{"reference":"urn:uuid:1"}""", "Observation.subject.reference", RefusalCodes.Reference)]
    [InlineData("subject", """{"reference":"Patient?identifier=x|1"}""", "Observation.subject.reference", RefusalCodes.Reference)]
    [InlineData("subject", """{"reference":"https://elsewhere.example/Patient/p1"}""", "Observation.subject.reference", RefusalCodes.Reference)]
    [InlineData("valueQuantity", """{"value":1e400,"code":"/min"}""", "Observation.valueQuantity.value", RefusalCodes.WrongValue)]
    [InlineData("modifierExtension", """[{"url":"urn:not"}]""", "Observation.modifierExtension", RefusalCodes.ModifierExtension)]
    [InlineData("implicitRules", "\"urn:rules\"", "Observation.implicitRules", RefusalCodes.ModifierExtension)]
    [InlineData("meta", """{"tag":[{"system":"http://terminology.hl7.org/CodeSystem/v3-ObservationValue","code":"SUBSETTED"}]}""", "Observation.meta.tag", RefusalCodes.Subsetted)]
    [InlineData("resourceType", "\"Observatory\"", "resourceType", RefusalCodes.UnknownResourceType)]
    [InlineData("resourceType", "7", "resourceType", RefusalCodes.Required)]
    public void What_can_not_be_used_is_refused_by_element(string name, string json, string element, string code)
    {
        var refused = Refused(HeartRate((name, json)));
        Assert.Equal((code, element), (refused.Code, refused.Element));
    }

    [Theory]
    [InlineData("Patient/p1")]
    [InlineData("Patient/p1/_history/7")]
    [InlineData("https://ehr.example/fhir/Patient/p1")]
    [InlineData("https://ehr.example/fhir/Patient/p1/_history/2")]
    public void Every_spelling_of_a_reference_names_the_same_patient(string reference) =>
        Assert.Equal("p1", Assert.IsType<ReadResource.Used>(Read(HeartRate(("subject", $$"""{"reference":"{{reference}}"}""")))).Fact.PatientId);

    [Fact]
    public void Types_that_no_model_uses_and_observations_about_no_patient_are_unused()
    {
        Assert.Equal("Claim", Assert.IsType<ReadResource.Unused>(Read("""{"resourceType":"Claim"}""")).Type);
        Assert.Equal("Observation", Assert.IsType<ReadResource.Unused>(Read(HeartRate(("subject", """{"reference":"Device/d"}""")))).Type);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("nonsense")]
    [InlineData("""{"a":1,"a":2}""")]
    [InlineData("""{"a":"\ud800"}""")]
    [InlineData("""{"a":1} x""")]
    [InlineData("""{"a":NaN}""")]
    public void Broken_json_is_refused(string text)
    {
        var (document, refused) = StrictJson.Parse(Utf8(text));
        Assert.Null(document);
        Assert.Equal(RefusalCodes.Malformed, refused?.Code);
    }

    [Fact]
    public void Invalid_utf8_depth_and_size_are_refused()
    {
        Assert.Equal(RefusalCodes.Malformed, StrictJson.Parse(new byte[] { (byte)'{', (byte)'"', 0xFF, (byte)'"', (byte)':', (byte)'1', (byte)'}' }).Refused?.Code);
        Assert.Equal(RefusalCodes.Malformed, StrictJson.Parse(Utf8("{\"a\":" + new string('[', 64) + new string(']', 64) + "}")).Refused?.Code);
        Assert.Equal(RefusalCodes.TooLarge, StrictJson.Parse(Utf8("{}" + new string(' ', 100)), bytesMax: 100).Refused?.Code);
    }

    [Fact]
    public void A_refusal_of_broken_json_quotes_none_of_it() =>
        Assert.DoesNotContain("Smith", StrictJson.Parse(Utf8("""{"Smith":1,"Smith":2}""")).Refused!.Reason, StringComparison.Ordinal);

    [Fact]
    public void No_change_of_one_byte_makes_the_reader_throw()
    {
        var sent = Utf8(HeartRate(("component", """[{"code":{"coding":[{"code":"x"}]},"valueInteger":3}]"""), ("meta", """{"lastUpdated":"2026-11-20T10:00:00Z","versionId":"3","tag":[]}""")));
        Gen.Select(Gen.Int[0, sent.Length - 1], Gen.OneOf(Gen.Byte, Gen.Int[0, 11].Select(i => (byte)"{}[]\",:0-\\n "[i]))).Sample((at, value) =>
        {
            var changed = (byte[])sent.Clone();
            changed[at] = value;
            var (document, refused) = StrictJson.Parse(changed);
            return document is null ? refused is not null : Reader.Read(document.RootElement, ReadClock.Live, Noon, ReferenceScope.Empty) is not null;
        }, iter: 20_000);
    }

    [Fact]
    public void The_identified_fact_says_nothing_of_itself() =>
        Assert.DoesNotContain("p1", Assert.IsType<ReadResource.Used>(Read(HeartRate())).ToString(), StringComparison.Ordinal);
}
