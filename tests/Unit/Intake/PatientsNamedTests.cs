using System.Text;
using HealthMLOps.Intake;
using HealthMLOps.Privacy;

namespace HealthMLOps.Tests.Unit.Intake;

/// <summary>Whom a quarantined payload names, and whether it speaks of somebody whom it does not name: an erasure decides by it.</summary>
public sealed class PatientsNamedTests
{
    [Theory]
    [InlineData("""{"resourceType":"Observation","subject":{"reference":"Patient/p1"}}""")]
    [InlineData("""{"resourceType":"Observation","subject":{"reference":"https://ehr.example/fhir/Patient/p1/_history/2"}}""")]
    [InlineData("""{"resourceType":"Observation","subject":{"reference":"Patient/p1","identifier":{"value":"mrn-1"}}}""")]
    [InlineData("""{"resourceType":"Patient","id":"p1"}""")]
    [InlineData("""{"resourceType":"Observation","subject":{"reference":"Patient/p1"}""")]
    public void Who_is_named_by_an_EHR_id_is_told(string payload)
    {
        var (named, hasUnnamed) = In(payload);
        Assert.Equal(["p1"], named.Select(id => id.Reveal()));
        Assert.False(hasUnnamed);
    }

    [Theory]
    [InlineData("""{"resourceType":"Observation","subject":{"identifier":{"value":"mrn-1"}}}""")]
    [InlineData("""{"resourceType":"Observation","subject":{"display":"Anna"}}""")]
    [InlineData("""{"resourceType":"Observation","subject":{"reference":"#pat"},"contained":[{"resourceType":"Patient","id":"pat"}]}""")]
    [InlineData("""{"resourceType":"Observation","subject":{"reference":"urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}}""")]
    [InlineData("""{"resourceType":"Observation","subject":{"reference":"Patient?identifier=mrn-1"}}""")]
    [InlineData("""{"resourceType":"Account","subject":[{"identifier":{"value":"mrn-1"}}]}""")]
    [InlineData("""{"resourceType":"Patient","identifier":[{"value":"mrn-1"}]}""")]
    [InlineData("""{"resourceType":"Patient","id":"p1",""")]
    public void Who_is_spoken_of_without_an_EHR_id_is_told_apart_from_nobody(string payload)
    {
        var (named, hasUnnamed) = In(payload);
        Assert.Empty(named);
        Assert.True(hasUnnamed);
    }

    [Fact]
    public void What_the_address_or_the_bundle_said_names_too()
    {
        var put = new QuarantineContext { Form = QuarantinedForm.Document, Type = "Patient", Id = "p1" };
        var (named, hasUnnamed) = PatientsNamed.In("""{"resourceType":"Patient"}"""u8.ToArray(), put);
        Assert.Equal((1, false), (named.Count, hasUnnamed));

        const string urn = "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0";
        var bundled = new QuarantineContext { Form = QuarantinedForm.Resource, References = [new KeptReference(urn, "Patient", "p1", null)] };
        (named, hasUnnamed) = PatientsNamed.In(Encoding.UTF8.GetBytes($$"""{"resourceType":"Observation","subject":{"reference":"{{urn}}"} }"""), bundled);
        Assert.Equal((1, false), (named.Count, hasUnnamed));
    }

    [Theory]
    [InlineData("""{"resourceType":"Device","id":"d1"}""")]
    [InlineData("""{"resourceType":"Observation","subject":{"reference":"Location/icu"}}""")]
    [InlineData("{")]
    public void A_payload_about_nobody_names_nobody(string payload)
    {
        var (named, hasUnnamed) = In(payload);
        Assert.Equal((0, false), (named.Count, hasUnnamed));
    }

    private static (IReadOnlySet<Phi> Named, bool HasUnnamed) In(string payload) => PatientsNamed.In(Encoding.UTF8.GetBytes(payload), QuarantineContext.Unknown);
}
