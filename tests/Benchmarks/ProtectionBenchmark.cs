using System.Diagnostics;
using HealthMLOps.Storage;
using HealthMLOps.Tests.Shared;

namespace HealthMLOps.Tests.Benchmarks;

/// <summary>What sealing at rest and the record cost the data plane together: one silo as it is against one that does neither, in turns, in one process.</summary>
/// <remarks>Both keep the sealed names of the identity vault and the keyed pseudonyms: those are how patients are known here, not a protection that could be left out.</remarks>
internal static class ProtectionBenchmark
{
    /// <summary>Notifications to one recorded risk query in the mix: a bedside monitor's values come more often than somebody looks.</summary>
    private const int NotificationsToOneQuery = 9;

    private static readonly DateTimeOffset Start = DateTimeOffset.UnixEpoch.AddYears(51);

    private static int _ward;

    public static async Task Run(RunSize size, Report report)
    {
        await Over("SQLite", () => Task.FromResult<string?>(null), size, report);
        if (!PostgresServer.IsInstalled)
        {
            report.Note("cost of sealing and record over PostgreSQL: not measured, it is not installed");
            return;
        }
        await using var postgres = await PostgresServer.Start();
        await Over("PostgreSQL", async () => await postgres.NewDatabase(), size, report);
    }

    private static async Task Over(string what, Func<Task<string?>> database, RunSize size, Report report)
    {
        await using var guarded = await ASilo.Start(await database());
        await using var plain = await ASilo.Start(await database(), services => services.AddSingleton<IEventLog, PlainLog>());
        await Imports(what, plain, guarded, size, report);
        using var guardedWard = await AServedWard.Open(guarded, report);
        using var plainWard = await AServedWard.Open(plain, report);
        await Loads($"{what}: notifications", _ => plainWard.Notify(), _ => guardedWard.Notify(), size, report);
        await Loads($"{what}: risk queries", plainWard.AskRisk, guardedWard.AskRisk, size, report);
        await Loads($"{what}: {NotificationsToOneQuery} notifications to 1 risk query", i => Mixed(plainWard, i), i => Mixed(guardedWard, i), size, report);
        report.Require((await guarded.Get<IEventLog>().Writers(CancellationToken.None)).Count > 0, "the log has no writer");
    }

    private static Task<bool> Mixed(AServedWard ward, int number) =>
        number % (NotificationsToOneQuery + 1) == 0 ? ward.AskRisk(number) : ward.Notify();

    private static async Task Imports(string what, ASilo plain, ASilo guarded, RunSize size, Report report)
    {
        var (plains, guardeds) = (new List<double>(), new List<double>());
        _ = await Rate(plain, size, report) + await Rate(guarded, size, report);
        for (var run = 0; run < size.Repeats; run++)
        {
            plains.Add(await Rate(plain, size, report));
            guardeds.Add(await Rate(guarded, size, report));
        }
        Lines($"{what}: import", "observations/s", plains, guardeds, report);
    }

    private static async Task<double> Rate(ASilo silo, RunSize size, Report report)
    {
        var ward = Interlocked.Increment(ref _ward);
        var lines = Enumerable.Range(0, size.ImportPatients)
            .SelectMany(i => AWard.Lines($"c{ward}-{i}", Start.AddHours(i), Start.AddHours(i + 60), AWard.ImportedEach, TimeSpan.FromHours(1))).ToList();
        GC.Collect();
        var clock = Stopwatch.StartNew();
        report.Require(await silo.Import(lines) == 0, "an observation did not become a fact");
        return size.ImportPatients * AWard.ImportedEach / clock.Elapsed.TotalSeconds;
    }

    private static async Task Loads(string what, Func<int, Task<bool>> plain, Func<int, Task<bool>> guarded, RunSize size, Report report)
    {
        await LoadClient.Run(size.Warmup, plain);
        await LoadClient.Run(size.Warmup, guarded);
        var (plains, guardeds) = (new List<Load>(), new List<Load>());
        for (var run = 0; run < size.Repeats; run++)
        {
            plains.Add(await LoadClient.Run(size.LoadTime, plain));
            guardeds.Add(await LoadClient.Run(size.LoadTime, guarded));
        }
        report.Require(plains.Concat(guardeds).All(l => l.Wrong == 0), $"{what}: wrong answers");
        Lines(what, "requests/s", [.. plains.Select(l => l.PerSecond)], [.. guardeds.Select(l => l.PerSecond)], report);
    }

    private static void Lines(string what, string unit, List<double> plains, List<double> guardeds, Report report)
    {
        report.Line($"{what}: neither sealed nor recorded", unit, plains);
        report.Line($"{what}: sealed and recorded", unit, guardeds);
        report.Line($"{what}: ratio", "", [.. guardeds.Zip(plains, (g, p) => g / p)]);
    }
}
