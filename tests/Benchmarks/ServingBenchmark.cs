using System.Text.Json;

namespace HealthMLOps.Tests.Benchmarks;

/// <summary>
/// A notification from the wire to durable and scored, and a risk query, both over HTTP against a bare route of Kestrel in the
/// same process and run. The clients share the processor with the server.
/// </summary>
internal static class ServingBenchmark
{
    public static async Task Run(RunSize size, Report report)
    {
        await using var silo = await ASilo.Start();
        await using var bare = await BareServer.Start();
        using var ward = await AServedWard.Open(silo, report);
        await Compare("notification, durable and scored", _ => AServedWard.Post(bare.Client, "/bare", ward.Fresh()), _ => ward.Notify(), size, report);
        await Compare("risk query", _ => AServedWard.Get(bare.Client, "/bare"), ward.AskRisk, size, report);

        var risk = await ward.Risk();
        using var answer = JsonDocument.Parse(risk);
        report.Require(answer.RootElement.TryGetProperty("score", out _), $"a notified patient has no score: {risk}");
    }

    private static async Task Compare(string what, Func<int, Task<bool>> bare, Func<int, Task<bool>> ours, RunSize size, Report report)
    {
        await LoadClient.Run(size.Warmup, bare);
        await LoadClient.Run(size.Warmup, ours);
        var (loads, bares) = (new List<Load>(), new List<Load>());
        for (var run = 0; run < size.Repeats; run++)
        {
            bares.Add(await LoadClient.Run(size.LoadTime, bare));
            loads.Add(await LoadClient.Run(size.LoadTime, ours));
        }
        report.Require(loads.Concat(bares).All(l => l.Wrong == 0), $"{what}: {loads.Sum(l => l.Wrong)} wrong answers");
        report.Line($"{what}, {LoadClient.Clients} clients", "requests/s", [.. loads.Select(l => l.PerSecond)]);
        report.Line($"{what}: p50", "ms", [.. loads.Select(l => l.HalfMs)]);
        report.Line($"{what}: p99", "ms", [.. loads.Select(l => l.MostMs)]);
        report.Line($"{what}: bare route", "requests/s", [.. bares.Select(l => l.PerSecond)]);
        report.Line($"{what}: ratio to the bare route", "", [.. loads.Zip(bares, (l, b) => l.PerSecond / b.PerSecond)]);
    }
}
