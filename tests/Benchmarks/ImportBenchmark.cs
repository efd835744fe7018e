using System.Diagnostics;
using HealthMLOps.Tests.Shared;

namespace HealthMLOps.Tests.Benchmarks;

/// <summary>Generated intensive-care observations through the whole intake into the log: parsed, pseudonymised, admitted, committed.</summary>
internal static class ImportBenchmark
{
    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddYears(50);

    public static async Task Run(RunSize size, Report report)
    {
        await Into("SQLite", null, size, report);
        if (!PostgresServer.IsInstalled)
        {
            report.Note("import into PostgreSQL: not measured, it is not installed");
            return;
        }
        await using var postgres = await PostgresServer.Start();
        await Into("PostgreSQL", await postgres.NewDatabase(), size, report);
    }

    private static async Task Into(string what, string? postgres, RunSize size, Report report)
    {
        await using var silo = await ASilo.Start(postgres);
        report.Require(await silo.Import(Lines("w", size.ImportPatients)) == 0, $"{what}: an observation did not become a fact");
        var rates = new List<double>();
        for (var run = 0; run < size.Repeats; run++)
        {
            var lines = Lines($"r{run}", size.ImportPatients).ToList();
            var clock = Stopwatch.StartNew();
            report.Require(await silo.Import(lines) == 0, $"{what}: an observation did not become a fact");
            rates.Add(size.ImportPatients * AWard.ImportedEach / clock.Elapsed.TotalSeconds);
        }
        report.Line($"import into {what}", "observations/s", rates);
        if (postgres is null)
            report.Line($"import into {what}: database", "MiB a million observations", silo.DatabaseBytes / (double)(size.ImportPatients * AWard.ImportedEach * (size.Repeats + 1)) * 1e6 / (1 << 20));
        using var process = Process.GetCurrentProcess();
        report.Line($"import into {what}: peak of this process", "MiB", process.PeakWorkingSet64 / (double)(1 << 20));
    }

    private static IEnumerable<string> Lines(string run, int patients) => Enumerable.Range(0, patients)
        .SelectMany(i => AWard.Lines($"{run}-{i}", Start.AddHours(i), Start.AddHours(i + 60), AWard.ImportedEach, TimeSpan.FromHours(1)));
}
