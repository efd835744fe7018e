using HealthMLOps.Simulation.Chance;
using HealthMLOps.Simulation.Charting;
using HealthMLOps.Simulation.Wards;

namespace HealthMLOps.Simulation.History;

/// <summary>Writes finished stays as Bulk-like NDJSON, one file a type, newest versions only.</summary>
internal static class HistoryExport
{
    /// <summary>Patients generated side by side before they are written in order.</summary>
    private const int PatientsPerBatch = 64;

    /// <summary>How many resources of each type were written.</summary>
    public static IReadOnlyDictionary<string, long> Write(HistoryOptions options, CancellationToken stop)
    {
        using var files = new NdjsonFolder(options.Folder, options.Packing);
        for (var first = 0; first < options.Patients; first += PatientsPerBatch)
        {
            stop.ThrowIfCancellationRequested();
            var pages = new PatientPages[Math.Min(PatientsPerBatch, options.Patients - first)];
            var from = first;
            Parallel.For(0, pages.Length, at => pages[at] = PatientPages.Of(Newest(Past(options, from + at), options.Until)));
            foreach (var page in pages) files.Append(page);
        }
        return files.Counts;
    }

    public static PatientLife Past(HistoryOptions options, int number)
    {
        var daysAgo = RandomStream.Of(options.Seed, "first-arrival", number).Between(0, options.Days);
        var arrival = options.Until.AddSeconds(-Math.Round(daysAgo * 86400));
        return PatientLife.Live(new HospitalSeed(options.Seed, "history"), number, arrival, options.Until, number % 40, Unfinished.Forgotten);
    }

    public static IEnumerable<ChartEntry> Newest(PatientLife life, DateTimeOffset until) =>
        life.Entries.Where(entry => entry.LastUpdated < until).GroupBy(entry => entry.Id).Select(versions => versions.Last());
}
