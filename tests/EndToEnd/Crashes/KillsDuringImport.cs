using HealthMLOps.Storage;
using HealthMLOps.Tests.EndToEnd.Processes;

namespace HealthMLOps.Tests.EndToEnd.Crashes;

/// <summary>History is loaded while the silo, or the admin client, is killed.</summary>
public sealed class KillsDuringImport(Sites sites)
{
    private const int Kills = 2;

    public static TheoryData<StorageProvider, int> Rounds => Study.Rounds;

    [Theory, MemberData(nameof(Rounds))]
    public async Task A_killed_silo_keeps_what_it_acknowledged_and_the_client_goes_on(StorageProvider provider, int seed)
    {
        using var site = await sites.Fresh(provider);
        var files = await History(site, seed);
        var silo = await site.Start();
        try
        {
            await using var import = HealthmlProcess.Start(silo, "import", files, "--chunk-lines", "50", "--name", "past");
            var (random, target, kills) = (new Random(seed), 0, 0);
            while (kills < Kills)
            {
                target += random.Next(1, 30);
                await Until.Holds("more chunks are done", async () => import.HasEnded || await Chunks(silo) >= target);
                if (import.HasEnded) break;
                silo = await silo.KilledAndStartedAgain();
                kills++;
            }
            await import.Answer();

            var truth = Truth.OfFolder(files);
            var comparison = await truth.With(silo);
            Study.Note("import, silo killed", site, seed, kills, comparison);
            Assert.Equal((Kills, comparison with { Lost = 0, Twice = 0 }), (kills, comparison));
            var again = await HealthmlProcess.Run(silo, "import", files, "--name", "again");
            Assert.Equal((truth.Versions, truth.Versions), (again["read"]!.GetValue<int>(), again["repeated"]!.GetValue<int>()));
        }
        finally
        {
            await silo.DisposeAsync();
        }
    }

    [Theory, MemberData(nameof(Rounds))]
    public async Task A_killed_client_continues_when_the_command_is_given_again(StorageProvider provider, int seed)
    {
        using var site = await sites.Fresh(provider);
        var files = await History(site, seed);
        await using var silo = await site.Start();
        await using (var import = HealthmlProcess.Start(silo, "import", files, "--chunk-lines", "50"))
        {
            var target = new Random(seed).Next(5, 40);
            await Until.Holds("some chunks are done", async () => await Chunks(silo) >= target);
            Assert.False(import.HasEnded);
            await import.Kill();
        }

        await using var later = HealthmlProcess.Start(silo, "import", files, "--chunk-lines", "50");
        var summary = await later.Answer();

        Assert.Contains("Continuing import", later.Notes, StringComparison.Ordinal);
        var truth = Truth.OfFolder(files);
        var comparison = await truth.With(silo);
        Study.Note("import, client killed", site, seed, 1, comparison);
        Assert.Equal(comparison with { Lost = 0, Twice = 0 }, comparison);
        Assert.Equal(truth.Versions, summary["read"]!.GetValue<int>());
    }

    private static async Task<string> History(Site site, int seed)
    {
        var folder = Path.Combine(site.Folder, "history");
        await SimulatorProcess.History(folder, patients: 20, days: 30, seed);
        return folder;
    }

    /// <summary>Chunks that the silo holds of its only import.</summary>
    private static async Task<int> Chunks(SiloProcess silo)
    {
        var owner = new Caller(silo, silo.Site.Owner);
        var imports = System.Text.Json.Nodes.JsonNode.Parse((await owner.Get("/api/v1/imports")).Text)!.AsArray();
        if (imports.Count == 0) return 0;
        var import = await owner.Read($"/api/v1/imports/{imports[0]!["id"]}");
        return import["files"]!.AsArray().Sum(f => f!["chunksDone"]!.GetValue<int>() + f["extra"]!.AsArray().Count);
    }
}
