using System.Text.Json;
using HealthMLOps.Intake;
using static HealthMLOps.Tests.Unit.Intake.AClinic;

namespace HealthMLOps.Tests.Unit.Intake;

public sealed class BundleReaderTests
{
    private static ReadBundle Bundle(string entries, string type = "transaction") =>
        BundleReader.Read(JsonDocument.Parse($$"""{"resourceType":"Bundle","type":"{{type}}","entry":[{{entries}}]}""").RootElement).Bundle!;

    private static ReadResource ReadEntry(ReadBundle bundle, int index) =>
        Reader.Read(bundle.Entries[index].Resource!.Value, ReadClock.Live, Noon, bundle.Scope, bundle.Entries[index].Id);

    [Fact]
    public void A_urn_reference_is_resolved_by_the_fullUrl_of_its_entry_and_gives_the_id()
    {
        var observation = HeartRate(("id", ""), ("subject", """{"reference":"urn:uuid:11111111-1111-1111-1111-111111111111"}"""));
        var bundle = Bundle($$"""
            {"fullUrl":"urn:uuid:22222222-2222-2222-2222-222222222222","resource":{{observation}},"request":{"method":"POST","url":"Observation"} },
            {"fullUrl":"urn:uuid:11111111-1111-1111-1111-111111111111","resource":{"resourceType":"Patient"},"request":{"method":"POST","url":"Patient"} }
            """);
        var fact = Assert.IsType<ReadResource.Used>(ReadEntry(bundle, 0)).Fact;
        Assert.Equal(("11111111-1111-1111-1111-111111111111", "22222222-2222-2222-2222-222222222222"), (fact.PatientId, fact.Id));
        Assert.Equal(fact.Patient, Assert.IsType<ReadResource.Used>(ReadEntry(bundle, 1)).Fact.Patient);
    }

    [Fact]
    public void A_conditional_reference_needs_exactly_one_entry_with_the_identifier()
    {
        var observation = HeartRate(("subject", """{"reference":"Patient?identifier=urn:mrn%7C7"}"""));
        const string patient = """{"resource":{"resourceType":"Patient","id":"ID","identifier":[{"system":"urn:mrn","value":"7"}]}}""";
        var one = Bundle($$"""{"resource":{{observation}} },{{patient.Replace("ID", "a", StringComparison.Ordinal)}}""", "collection");
        var two = Bundle($$"""{"resource":{{observation}} },{{patient.Replace("ID", "a", StringComparison.Ordinal)}},{{patient.Replace("ID", "b", StringComparison.Ordinal)}}""", "collection");
        Assert.Equal("a", Assert.IsType<ReadResource.Used>(ReadEntry(one, 0)).Fact.PatientId);
        Assert.Equal(RefusalCodes.Reference, Assert.IsType<ReadResource.Refused>(ReadEntry(two, 0)).Code);
    }

    [Fact]
    public void A_medication_in_the_same_bundle_gives_its_codes()
    {
        var bundle = Bundle("""
            {"fullUrl":"http://example.org/fhir/Medication/m","resource":{"resourceType":"Medication","id":"m","code":{"coding":[{"code":"7"}]}}},
            {"resource":{"resourceType":"MedicationRequest","id":"r","status":"active","intent":"order","subject":{"reference":"Patient/p"},"medicationReference":{"reference":"Medication/m"}}}
            """, "collection");
        Assert.Null(Assert.IsType<ReadResource.Used>(ReadEntry(bundle, 1)).Fact.Fact.UnusedBecause);
    }

    [Fact]
    public void Deletes_broken_entries_and_resources_keep_their_order()
    {
        var bundle = Bundle($$"""
            {"request":{"method":"DELETE","url":"Observation/o9"} }, 7,
            {"resource":{{HeartRate()}},"request":{"method":"PUT","url":"Observation/other"} },
            {"request":{"method":"PUT","url":"Observation/o1"} },
            {"resource":{{HeartRate()}},"request":{"method":"PATCH","url":"Observation/o1"} },
            {"resource":{{HeartRate()}},"request":{"method":"PUT","url":"Observation/o1"} }
            """, "batch");
        Assert.Equal((EntryMethod.Delete, "Observation", "o9"), (bundle.Entries[0].Method, bundle.Entries[0].Type, bundle.Entries[0].Id));
        Assert.Equal([null, "Bundle.entry[1]", "Bundle.entry[2].request.url", "Bundle.entry[3].resource", "Bundle.entry[4].request.method", null], bundle.Entries.Select(e => e.Refused?.Element));
    }

    [Fact]
    public void Too_many_entries_and_other_types_are_refused_whole()
    {
        using var bundle = JsonDocument.Parse("""{"resourceType":"Bundle","type":"batch","entry":[{},{},{}]}""");
        Assert.Equal(RefusalCodes.TooLarge, BundleReader.Read(bundle.RootElement, entriesMax: 2).Refused?.Code);
        using var other = JsonDocument.Parse("""{"resourceType":"Bundle","type":"parcel"}""");
        Assert.Equal("Bundle.type", BundleReader.Read(other.RootElement).Refused?.Element);
        using var none = JsonDocument.Parse("""{"resourceType":"Patient"}""");
        Assert.Equal(RefusalCodes.UnknownResourceType, BundleReader.Read(none.RootElement).Refused?.Code);
    }
}
