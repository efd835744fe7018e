using System.Diagnostics;
using System.Text;
using HealthMLOps.Clinical;
using HealthMLOps.Intake;
using HealthMLOps.Privacy;

namespace HealthMLOps.Tests.Benchmarks;

/// <summary>What one Observation costs from its bytes to its fact: strict JSON, checks, codes, units, pseudonyms, seal and content hash.</summary>
internal static class ReaderBenchmark
{
    private const int Lines = 1_000;

    public static void Run(RunSize size, Report report)
    {
        var reader = AReader();
        var start = DateTimeOffset.UnixEpoch.AddYears(50);
        var lines = Enumerable.Range(0, Lines).Select(i => Encoding.UTF8.GetBytes(AWard.Observation($"p{i / 100}", i, start.AddMinutes(i)))).ToArray();
        report.Require(lines.All(line => Read(reader, line) is ReadResource.Used), "a generated observation is not usable");
        Pass(reader, lines, Math.Max(20, size.Loops / 20));
        var (micros, bytes) = (new List<double>(), new List<double>());
        for (var run = 0; run < size.Repeats; run++)
        {
            var (clock, before) = (Stopwatch.StartNew(), GC.GetAllocatedBytesForCurrentThread());
            var passes = Math.Max(5, size.Loops / 100);
            Pass(reader, lines, passes);
            micros.Add(clock.Elapsed.TotalMicroseconds / (passes * Lines));
            bytes.Add((double)(GC.GetAllocatedBytesForCurrentThread() - before) / (passes * Lines));
        }
        report.Line("reader: bytes to fact", "us/observation", micros);
        report.Line("reader: allocated", "B/observation", bytes);
    }

    /// <summary>The reader as a silo builds it.</summary>
    public static ResourceReader AReader() => new(
        SourceProfile.Read(Config("sources", "general-hospital.json")), ConceptCatalog.Read(Config("codes", "concepts.json")), new IdentityKeys(new byte[IdentityKeys.KeyBytes]));

    public static string Config(params string[] parts) => File.ReadAllText(Path.Combine([AppContext.BaseDirectory, "config", .. parts]));

    public static ReadResource Read(ResourceReader reader, ReadOnlyMemory<byte> line)
    {
        var (document, _) = StrictJson.Parse(line);
        using (document) return reader.Read(document!.RootElement, ReadClock.History, DateTimeOffset.UnixEpoch.AddYears(56), ReferenceScope.Empty);
    }

    private static void Pass(ResourceReader reader, byte[][] lines, int passes)
    {
        for (var pass = 0; pass < passes; pass++)
            foreach (var line in lines) Read(reader, line);
    }
}
