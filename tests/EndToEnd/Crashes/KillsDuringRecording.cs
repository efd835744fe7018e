using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using HealthMLOps.Storage;
using HealthMLOps.Tests.EndToEnd.Charts;
using HealthMLOps.Tests.EndToEnd.Processes;

namespace HealthMLOps.Tests.EndToEnd.Crashes;

/// <summary>Clinicians look at patients while the silo is killed, between an entry of the record and its leaf among other moments.</summary>
public sealed class KillsDuringRecording(Sites sites)
{
    private const int Kills = 3;
    private const int Readers = 4;

    /// <summary>A kill comes after so many more answered looks, drawn from the seed.</summary>
    private const int LooksBetweenKillsMin = 20;
    private const int LooksBetweenKillsMax = 120;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<StorageProvider, int> Rounds => Study.Rounds;

    [Theory, MemberData(nameof(Rounds))]
    public async Task Every_answered_look_is_on_the_record_once_and_the_record_is_sound(StorageProvider provider, int seed)
    {
        using var site = await sites.Fresh(provider);
        var (random, answered, sent) = (new Random(seed), new ConcurrentQueue<string>(), 0);
        var silo = await site.Start();
        try
        {
            for (var kill = 0; kill < Kills; kill++)
            {
                var target = answered.Count + random.Next(LooksBetweenKillsMin, LooksBetweenKillsMax);
                using var end = CancellationTokenSource.CreateLinkedTokenSource(Stop);
                var owner = new Caller(silo, site.Owner);
                var readers = Enumerable.Range(0, Readers).Select(_ => Look(owner, answered, () => Interlocked.Increment(ref sent), end.Token)).ToArray();
                await Until.Holds("clinicians have looked", () => answered.Count >= target);
                silo = await silo.KilledAndStartedAgain();
                await end.CancelAsync();
                await Task.WhenAll(readers);
            }

            var (file, keys) = (Path.Combine(site.Folder, "record.ndjson"), Path.Combine(site.Folder, "record.pub"));
            await HealthmlProcess.Run(silo, "audit", "keys", "--out", keys);
            await HealthmlProcess.Run(silo, "audit", "checkpoints", "--now", "--out", Path.Combine(site.Folder, "last.checkpoint"));
            await HealthmlProcess.Run(silo, "audit", "export", "--out", file);
            var (code, verdict) = await HealthmlProcess.Alone("audit", "verify", file, "--key", keys);
            Assert.True(code == 0, verdict.ToJsonString());

            var looks = (await File.ReadAllLinesAsync(file, Stop)).Where(line => line.Contains("\"action\":\"risk.read\"", StringComparison.Ordinal)).Select(PatientIn).ToList();
            Assert.Equal(looks.Count, looks.Distinct().Count());
            Assert.InRange(looks.Count, answered.Count, sent);
            var auditor = new Caller(silo, site.Owner);
            foreach (var patient in answered)
                Assert.Single((await auditor.Read($"/api/v1/audit/entries?patient={patient}&action=risk.read"))["items"]!.AsArray());
        }
        finally
        {
            await silo.DisposeAsync();
        }
    }

    /// <summary>Asks for a new patient's risk each time: nobody knows them, and each look is recorded all the same.</summary>
    private static async Task Look(Caller clinician, ConcurrentQueue<string> answered, Func<int> count, CancellationToken end)
    {
        while (!end.IsCancellationRequested)
        {
            var patient = A.NewId("look");
            count();
            try
            {
                if ((await clinician.Get($"/api/v1/patients/{patient}/risk")).Status == System.Net.HttpStatusCode.NotFound) answered.Enqueue(patient);
            }
            catch (Exception gone) when (gone is HttpRequestException or OperationCanceledException or ObjectDisposedException)
            {
                return; // Killed: whether this look is on the record is unknown, and nobody saw an answer.
            }
        }
    }

    private static string PatientIn(string line) => JsonNode.Parse(line)!["event"]!["patient"]!.GetValue<string>();
}
