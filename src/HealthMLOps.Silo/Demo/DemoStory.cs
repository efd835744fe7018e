using System.Diagnostics;
using HealthMLOps.Hosting;

namespace HealthMLOps.Demo;

/// <summary>The main job on one machine: a synthetic hospital's past is imported, a model is trained on it, and live patients are scored as their data stream in.</summary>
public static class DemoStory
{
    private const string Model = "deterioration";
    private const int HistoryPatients = 300;
    private const int HistoryDays = 60;
    private const int Seed = 7;
    private const int Beds = 40;
    private static readonly TimeSpan SummaryAfter = TimeSpan.FromSeconds(20);

    /// <summary>Runs until it is told to stop; with <c>--once</c>, until its summary.</summary>
    public static async Task<int> Run(SiloSettings settings)
    {
        var watch = Stopwatch.StartNew();
        var folder = DemoFolder.Open(settings.DataFolder, TimeProvider.System.GetUtcNow());
        folder.Save(settings.DataFolder);
        var clock = new ClinicalClock(TimeProvider.System);
        clock.Run(folder.ClinicalUntil, rate: 1);
        await using var app = await SiloHost.Build(settings, clock);
        var readiness = app.Services.GetRequiredService<Readiness>();
        readiness.Hold("No patient has been scored yet.");
        await app.StartAsync();
        var stop = app.Lifetime.ApplicationStopping;
        var url = app.Urls.First().Replace("0.0.0.0", "127.0.0.1", StringComparison.Ordinal);
        using var scene = new DemoScene(url, settings, watch);
        scene.Say($"silo up on {url}, data in {settings.DataFolder}");
        try
        {
            if (!folder.Trained)
            {
                await scene.ImportHistory(HistoryPatients, HistoryDays, Seed, folder.ClinicalUntil, stop);
                await scene.Train(Model, stop);
                folder = folder with { Trained = true };
                folder.Save(settings.DataFolder);
            }
            else scene.Say("history and model are there from an earlier run");
            folder = folder with { Runs = folder.Runs + 1 };
            clock.Run(folder.ClinicalUntil, settings.DemoRate);
            await using var stream = scene.Stream(folder.Runs, Beds, folder.ClinicalUntil, settings.DemoRate);
            await scene.FirstScore(Model, stop);
            readiness.Release();
            await scene.Watch(SummaryAfter, stop);
            await scene.Summary(Model, clock, stop);
            (folder with { ClinicalUntil = clock.Now }).Save(settings.DataFolder);
            while (!settings.DemoOnce && !stop.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromSeconds(1), stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                (folder with { ClinicalUntil = clock.Now }).Save(settings.DataFolder);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested) { }
        (folder with { ClinicalUntil = clock.Now }).Save(settings.DataFolder);
        await app.StopAsync(CancellationToken.None);
        return 0;
    }
}
