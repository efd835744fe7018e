using HealthMLOps.Storage;
using HealthMLOps.Tests.EndToEnd.Processes;

namespace HealthMLOps.Tests.EndToEnd.Crashes;

/// <summary>A hospital sends while its silo is killed and started again.</summary>
public sealed class KillsDuringNotifications(Sites sites)
{
    private const int Kills = 3;

    /// <summary>A kill comes after so many more bytes of acknowledged versions, drawn from the seed.</summary>
    private const int BytesBetweenKillsMin = 50_000;
    private const int BytesBetweenKillsMax = 500_000;

    public static TheoryData<StorageProvider, int> Rounds => Study.Rounds;

    [Theory, MemberData(nameof(Rounds))]
    public async Task Every_acknowledged_version_is_in_the_history_exactly_once(StorageProvider provider, int seed)
    {
        using var site = await sites.Fresh(provider);
        var silo = await site.Start();
        try
        {
            await using var hospital = SimulatorProcess.Stream(silo, patients: 25, past: TimeSpan.FromHours(24), seed);
            var (random, target, kills) = (new Random(seed), 0L, 0);
            while (kills < Kills)
            {
                target += random.Next(BytesBetweenKillsMin, BytesBetweenKillsMax);
                await Until.Holds("the hospital has more acknowledgements", () => hospital.HasEnded || Length(hospital.Record) >= target);
                if (hospital.HasEnded) break;
                silo = await silo.KilledAndStartedAgain();
                kills++;
            }
            var code = await hospital.Ended();

            var truth = Truth.OfRecord(hospital.Record);
            var comparison = await truth.With(silo);
            Study.Note("notifications", site, seed, kills, comparison, $"simulator exit {code}");
            Assert.Equal((Kills, comparison with { Lost = 0, Twice = 0 }), (kills, comparison));
            Assert.True(code == 0, hospital.Said);
        }
        finally
        {
            await silo.DisposeAsync();
        }
    }

    private static long Length(string file) => File.Exists(file) ? new FileInfo(file).Length : 0;
}
