using System.Text;
using HealthMLOps.Clinical;
using HealthMLOps.Intake;
using Hl7.Fhir.Model;
using Hl7.Fhir.Serialization;
using static HealthMLOps.Tests.Unit.Intake.AClinic;

namespace HealthMLOps.Tests.Unit.Intake;

/// <summary>Firely's full model as the slow twin of our projection, over official examples.</summary>
public sealed class FirelyOracleTests(ITestOutputHelper output)
{
    private static IEnumerable<string> Files()
    {
        var more = Environment.GetEnvironmentVariable("HEALTHML_FHIR_EXAMPLES");
        var golden = Directory.GetFiles(RepositoryFiles.PathOf("tests", "Golden", "fhir"), "*.json");
        return more is null ? golden : golden.Concat(Directory.GetFiles(more, "*.json", SearchOption.AllDirectories));
    }

    [Fact]
    public void Both_read_the_same_patient_status_code_time_and_value()
    {
        var agreed = 0;
        var refusals = new List<string>();
        foreach (var file in Files().Where(f => !Path.GetFileName(f).StartsWith("validator", StringComparison.Ordinal) && !f.Contains("validator-cases", StringComparison.Ordinal)))
        {
            var bytes = File.ReadAllBytes(file);
            var (document, _) = StrictJson.Parse(bytes);
            if (document is null) continue;
            switch (Reader.Read(document.RootElement, ReadClock.Live, Noon, ReferenceScope.Empty))
            {
                case ReadResource.Used used:
                    Agree(Path.GetFileName(file), used.Fact, FhirJsonDeserializer.SYNTAXONLY.DeserializeResource(Encoding.UTF8.GetString(bytes)));
                    agreed++;
                    break;
                case ReadResource.Refused refused: refusals.Add($"{Path.GetFileName(file)}: {refused.Code} {refused.Element} {refused.Reason}"); break;
            }
        }
        foreach (var line in refusals) output.WriteLine(line);
        output.WriteLine($"{agreed} agreed, {refusals.Count} refused");
        Assert.True(agreed >= 15, $"{agreed} resources were read by both; at least 15 of the golden ones should be.");
    }

    [Fact]
    public void No_official_bad_case_makes_a_reader_throw()
    {
        var notifications = new NotificationReader(Source);
        foreach (var file in Files())
        {
            var (document, refused) = StrictJson.Parse(File.ReadAllBytes(file));
            if (document is null) { Assert.NotNull(refused); continue; }
            Assert.NotNull(Reader.Read(document.RootElement, ReadClock.History, Noon, ReferenceScope.Empty));
            _ = notifications.Read(document.RootElement);
            if (BundleReader.Read(document.RootElement).Bundle is not { } bundle) continue;
            foreach (var entry in bundle.Entries.Where(e => e.Resource is not null))
                Assert.NotNull(Reader.Read(entry.Resource!.Value, ReadClock.Live, Noon, bundle.Scope, entry.Id));
        }
    }

    private static void Agree(string file, IdentifiedFact ours, Resource theirs)
    {
        var (subject, status) = theirs switch
        {
            Observation o => (o.Subject?.Reference, o.Status.ToString()),
            Encounter e => (e.Subject?.Reference, e.Status.ToString()),
            MedicationRequest m => (m.Subject?.Reference, m.Status.ToString()),
            MedicationAdministration a => (a.Subject?.Reference, a.Status.ToString()),
            ServiceRequest s => (s.Subject?.Reference, s.Status.ToString()),
            Procedure p => (p.Subject?.Reference, p.Status.ToString()),
            Coverage c => (c.Beneficiary?.Reference, c.Status.ToString()),
            Condition c => (c.Subject?.Reference, null),
            Patient p => ("Patient/" + p.Id, null),
            _ => throw new Xunit.Sdk.XunitException($"{file} is a {theirs.TypeName}, which should not be used."),
        };
        Assert.Equal((file, subject?.Split('/')[^1]), (file, ours.PatientId));
        Assert.Equal((file, theirs.Id), (file, ours.Id));
        if (status is not null) Assert.Equal((file, status.ToUpperInvariant()), (file, ours.Fact.Status!.Replace("-", "", StringComparison.Ordinal).ToUpperInvariant()));
        if (theirs is Observation observation && !ours.Fact.Entries.IsEmpty) AgreeOnValues(file, [.. ours.Fact.Entries.Cast<Measurement>()], observation);
    }

    private static void AgreeOnValues(string file, List<Measurement> ours, Observation theirs)
    {
        if (theirs.Effective is FhirDateTime { Value.Length: > 10 } at)
            Assert.All(ours, m => Assert.Equal((file, at.ToDateTimeOffset(TimeSpan.Zero).UtcDateTime), (file, m.Effective.UtcDateTime)));
        var values = theirs.Component.Select(c => (c.Code, c.Value)).Prepend((theirs.Code, theirs.Value)).ToList();
        foreach (var measurement in ours)
        {
            var twin = values.Find(v => v.Code.Coding.Where(c => c.Code is not null).Select(c => CodeSystems.Normal(c.System ?? "", c.Code ?? "")).SequenceEqual(measurement.Codes));
            Assert.True(twin.Code is not null, $"{file}: no twin has the codes {string.Join(", ", measurement.Codes)}.");
            if (measurement.Value is { } value && measurement.Codes.Length > 0 && twin.Value is Quantity quantity && measurement.Unit == quantity.Code)
                Assert.Equal((file, (double)quantity.Value!.Value), (file, value));
            if (twin.Value is CodeableConcept { Coding.Count: > 0 } coded && measurement.CodedValue.Length > 0)
                Assert.Equal(coded.Coding.Where(c => c.Code is not null).Select(c => CodeSystems.Normal(c.System ?? "", c.Code ?? "")), measurement.CodedValue.AsEnumerable());
        }
    }
}
