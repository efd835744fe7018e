using System.Diagnostics;
using System.Text;
using HealthMLOps.Clinical;
using HealthMLOps.Features;
using HealthMLOps.Intake;
using HealthMLOps.Patients;
using Orleans.Serialization;

namespace HealthMLOps.Tests.Benchmarks;

/// <summary>What a patient costs in memory and in a snapshot, and what a feature vector costs from a full timeline.</summary>
internal static class TimelineBenchmark
{
    private const int Patients = 64;

    /// <summary>A week of intensive care.</summary>
    private const int WeekOfMeasurements = 4_000;

    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddYears(50);
    private static readonly TimeSpan Step = TimeSpan.FromDays(7) / (WeekOfMeasurements / 10);

    public static void Run(RunSize size, Report report)
    {
        var reader = ReaderBenchmark.AReader();
        Memory("idle (patient and open stay)", 0, reader, report);
        var week = Memory("a week of intensive care, 4,000 measurements", WeekOfMeasurements, reader, report);
        Features(size, week, report);
    }

    private static Timeline Memory(string what, int measurements, ResourceReader reader, Report report)
    {
        var timelines = new Timeline[Patients];
        ATimeline(reader, "warm", measurements);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        for (var i = 0; i < Patients; i++) timelines[i] = ATimeline(reader, $"p{i}", measurements);
        var held = (GC.GetTotalMemory(forceFullCollection: true) - before) / (double)Patients;
        using var orleans = new ServiceCollection().AddSerializer().BuildServiceProvider();
        var state = PatientState.Empty.After(1, timelines[0], new PatientTurn { Recorded = default, Facts = [] });
        var snapshot = orleans.GetRequiredService<Serializer<PatientState>>().SerializeToArray(state).Length;
        report.Require(timelines[0].EntryCount >= measurements, "a timeline dropped measurements");
        report.Line($"timeline in memory: {what}", "B/patient", held);
        report.Line($"snapshot: {what}", "B/patient", snapshot);
        return timelines[0];
    }

    private static Timeline ATimeline(ResourceReader reader, string patient, int measurements)
    {
        var timeline = Timeline.Empty;
        foreach (var lines in AWard.Lines(patient, Start, null, measurements, Step).Chunk(100))
        {
            var facts = lines.Select(line => ((ReadResource.Used)ReaderBenchmark.Read(reader, Encoding.UTF8.GetBytes(line))).Fact.Fact);
            timeline = timeline.Admit([.. facts]).After;
        }
        return timeline;
    }

    private static void Features(RunSize size, Timeline timeline, Report report)
    {
        var set = FeatureSet.Read(ReaderBenchmark.Config("features", "deterioration.json"), ConceptCatalog.Read(ReaderBenchmark.Config("codes", "concepts.json")));
        var now = Start.AddDays(7);
        report.Require(set.Features.Length == 40, $"the set has {set.Features.Length} features, not 40");
        report.Require(set.Compute(timeline, now, now).Values.Count(v => v is not null) >= 20, "fewer than half of the features are present");
        var (micros, bytes) = (new List<double>(), new List<double>());
        Compute(set, timeline, now, size.Loops);
        for (var run = 0; run < size.Repeats; run++)
        {
            var (clock, before) = (Stopwatch.StartNew(), GC.GetAllocatedBytesForCurrentThread());
            Compute(set, timeline, now, size.Loops);
            micros.Add(clock.Elapsed.TotalMicroseconds / size.Loops);
            bytes.Add((double)(GC.GetAllocatedBytesForCurrentThread() - before) / size.Loops);
        }
        report.Line("feature vector: 40 features of a week", "us", micros);
        report.Line("feature vector: allocated", "B", bytes);
    }

    private static void Compute(FeatureSet set, Timeline timeline, DateTimeOffset now, int loops)
    {
        // Another moment each time, as life asks: a repeated one flatters the branch predictor.
        for (var i = 0; i < loops; i++) set.Compute(timeline, now.AddMinutes(-(i % 600)), now);
    }
}
