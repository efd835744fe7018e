using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using HealthMLOps.Simulation.History;

namespace HealthMLOps.Simulation.Commands;

/// <summary><c>history</c>: past stays as NDJSON files.</summary>
internal static class HistoryCommand
{
    public static Command Create()
    {
        var folder = new Option<DirectoryInfo>("--out") { Description = "Folder for the files, one a resource type.", Required = true };
        var patients = new Option<int>("--patients") { Description = "How many patients.", CustomParser = Arguments.Whole(1, 999_999), DefaultValueFactory = _ => 1000 };
        var days = new Option<int>("--days") { Description = "First admissions lie in this many days before --until.", CustomParser = Arguments.Whole(1, 3650), DefaultValueFactory = _ => 365 };
        var seed = new Option<ulong>("--seed") { Description = "Same seed and options, same bytes.", DefaultValueFactory = _ => 1UL };
        var until = new Option<DateTimeOffset>("--until")
        {
            Description = "The instant at which the export is taken, such as 2026-01-01T00:00:00Z.",
            Required = true,
            CustomParser = Arguments.Instant,
        };
        var gzip = new Option<bool>("--gzip") { Description = "Write .ndjson.gz." };
        var command = new Command("history", "Write finished past stays as Bulk-like NDJSON, newest versions only.") { folder, patients, days, seed, until, gzip };
        command.SetAction((parsed, stop) =>
        {
            var watch = Stopwatch.StartNew();
            var counts = HistoryExport.Write(new HistoryOptions(parsed.GetRequiredValue(folder), parsed.GetValue(patients), parsed.GetValue(days),
                parsed.GetValue(seed), parsed.GetValue(until), parsed.GetValue(gzip) ? Packing.Gzip : Packing.Plain), stop);
            var total = counts.Values.Sum();
            Console.WriteLine(JsonSerializer.Serialize(counts));
            Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{total} resources in {watch.Elapsed.TotalSeconds:F1} s, {total / watch.Elapsed.TotalSeconds:F0} a second."));
            return Task.FromResult(0);
        });
        return command;
    }
}
