using System.Diagnostics;
using System.Text.Json;
using HealthMLOps.Clinical;
using HealthMLOps.Intake;

namespace HealthMLOps.Tests.Unit.Intake;

/// <summary>Reads all 100 Synthea patients in both forms where the data are present.</summary>
public sealed class SyntheaCorpusTests(ITestOutputHelper output)
{
    private const string Ndjson = "/work/shared/data/fhir/synthea-100-ndjson";
    private const string Expected = "/work/shared/data/fhir/synthea-100-expected.json";
    private static readonly string Bundles = Environment.GetEnvironmentVariable("HEALTHML_SYNTHEA_BUNDLES") ?? "/tmp/data/fhir";

    private sealed class Tally
    {
        public Dictionary<string, int> Types { get; } = [];
        public Dictionary<string, (int N, double Sum)> Values { get; } = [];
        public List<string> Refusals { get; } = [];
        public SortedSet<string> Versions { get; } = new(StringComparer.Ordinal);

        public void Add(ReadResource read)
        {
            switch (read)
            {
                case ReadResource.Refused r: Refusals.Add(r.ToString()); break;
                case ReadResource.Unused u: Types[u.Type] = Types.GetValueOrDefault(u.Type) + 1; break;
                case ReadResource.Used { Fact.Fact: var fact }:
                    Types[fact.ResourceType] = Types.GetValueOrDefault(fact.ResourceType) + 1;
                    foreach (var m in fact.Entries.OfType<Measurement>().Where(m => m.Value is not null))
                    {
                        var code = m.Codes.First(c => c.System == CodeSystems.Loinc).Code;
                        var (n, sum) = Values.GetValueOrDefault(code);
                        Values[code] = (n + 1, sum + m.Value!.Value);
                    }
                    break;
            }
        }
    }

    [Fact]
    public async Task The_bulk_files_give_the_expected_counts_and_means()
    {
        Assert.SkipUnless(Directory.Exists(Ndjson), "The Synthea bulk files are not on this machine.");
        var tally = new Tally();
        var clock = Stopwatch.StartNew();
        foreach (var file in Directory.GetFiles(Ndjson, "*.gz"))
        {
            await using var stream = File.OpenRead(file);
            await foreach (var line in NdjsonReader.Read(stream, cancelled: TestContext.Current.CancellationToken))
                tally.Add(AClinic.Reader.Read(line.Document!.RootElement, ReadClock.History, AClinic.Noon, ReferenceScope.Empty));
        }
        output.WriteLine($"{tally.Types.Values.Sum()} resources in {clock.Elapsed}");
        Check(tally, exactTypes: true);
    }

    [Fact]
    public void The_transaction_bundles_give_the_same()
    {
        Assert.SkipUnless(Directory.Exists(Bundles), "The Synthea bundles are not on this machine.");
        var tally = new Tally();
        var clock = Stopwatch.StartNew();
        foreach (var file in Directory.GetFiles(Bundles, "*.json").Where(f => !Path.GetFileName(f).StartsWith("group", StringComparison.Ordinal)))
        {
            var (document, refused) = StrictJson.Parse(File.ReadAllBytes(file), 64 << 20);
            Assert.Null(refused);
            using (document)
            {
                var (bundle, broken) = BundleReader.Read(document!.RootElement);
                if (bundle is null) throw new Xunit.Sdk.XunitException($"{file}: {broken}");
                foreach (var entry in bundle.Entries)
                    tally.Add(entry.Refused as ReadResource ?? AClinic.Reader.Read(entry.Resource!.Value, ReadClock.Live, AClinic.Noon, bundle.Scope, entry.Id));
            }
        }
        output.WriteLine($"{tally.Types.Values.Sum()} resources in {clock.Elapsed}: {string.Join(", ", tally.Types.OrderBy(t => t.Key).Select(t => $"{t.Key} {t.Value}"))}");
        Check(tally, exactTypes: false);
    }

    private static void Check(Tally tally, bool exactTypes)
    {
        Assert.Empty(tally.Refusals.Distinct().Take(10));
        using var expected = JsonDocument.Parse(File.ReadAllBytes(Expected));
        foreach (var count in expected.RootElement.GetProperty("counts").EnumerateObject())
            if (exactTypes || count.Name is "Patient" or "Observation" or "Encounter" or "Condition" or "MedicationRequest" or "Procedure")
                Assert.Equal((count.Name, count.Value.GetInt32()), (count.Name, tally.Types.GetValueOrDefault(count.Name)));
        foreach (var loinc in expected.RootElement.GetProperty("by_loinc").EnumerateObject())
        {
            var (n, sum) = tally.Values.GetValueOrDefault(loinc.Name);
            Assert.Equal((loinc.Name, loinc.Value.GetProperty("n").GetInt32()), (loinc.Name, n));
            Assert.Equal(loinc.Value.GetProperty("mean").GetDouble(), sum / n, 1e-5);
        }
    }
}
