using System.Net;
using HealthMLOps.Storage;
using HealthMLOps.Tests.EndToEnd.Charts;
using HealthMLOps.Tests.EndToEnd.Processes;
using Npgsql;

namespace HealthMLOps.Tests.EndToEnd.Crashes;

/// <summary>A silo that was stopped by SIGSTOP (a paused virtual machine, a long collection) and wakes up.</summary>
public sealed class PausedSilos(Sites sites)
{
    private const int Patients = 12;

    public static TheoryData<int> Seeds => [.. Study.Seeds];

    [Theory, MemberData(nameof(Seeds))]
    public async Task A_paused_silo_cannot_append_behind_its_successor(int seed)
    {
        using var site = await sites.Fresh(StorageProvider.Postgres);
        await using var paused = await site.Start("--probe-timeout-ms", "500");
        string[] patients = [.. Enumerable.Range(0, Patients).Select(_ => A.NewId("paused"))];
        // With one silo only, every patient is active on it.
        foreach (var patient in patients) await Chart(paused, patient, version: 1);
        var writer = (await new Caller(paused, site.Owner).Read("/api/v1/status"))["writer"]!.GetValue<long>();
        await using var successor = await site.Start("--probe-timeout-ms", "500");

        paused.Pause();
        var waiting = patients.Select(patient => Chart(paused, patient, version: 2)).ToArray();
        await Until.Holds("the successor serves the paused silo's patients", async () =>
        {
            var answers = await Task.WhenAll(patients.Select(p => Chart(successor, p, version: 3)));
            return answers.All(a => a is HttpStatusCode.OK or HttpStatusCode.Created);
        });
        var (fenced, before) = await WriterOf(site, writer);
        paused.Resume();
        var late = await Task.WhenAll(waiting);
        await paused.Ended();

        Assert.True(fenced);
        Assert.Equal((true, before), await WriterOf(site, writer));
        Assert.DoesNotContain(HttpStatusCode.Created, late);
        var (lost, twice) = (0, 0);
        foreach (var (patient, answer) in patients.Zip(late))
        {
            var held = (await new Caller(successor, site.Owner).History(patient)).Select(f => f["version"]!.GetValue<string>()).ToList();
            // What the paused silo acknowledged late, its successor has taken in for it.
            string[] owed = answer == HttpStatusCode.OK ? ["1", "2", "3"] : ["1", "3"];
            lost += owed.Except(held).Count();
            twice += held.Count - held.Distinct().Count();
        }
        Assert.Equal(0, await Gaps(site));
        var refused = late.Count(a => a != HttpStatusCode.OK);
        Study.Note("pause", site, seed, 1, new Comparison(Patients, (Patients * 2) + Patients - refused, lost, twice), $"{refused} late requests refused");
        Assert.Equal((0, 0), (lost, twice));
    }

    [Fact]
    public async Task A_folder_in_use_is_refused_even_while_its_silo_is_paused()
    {
        using var site = await sites.Fresh(StorageProvider.Sqlite);
        await using var first = await site.Start();
        var patient = A.NewId("held");
        await Chart(first, patient, version: 1);
        first.Pause();

        var (code, said) = await SiloProcess.Refused(site);

        Assert.NotEqual(0, code);
        Assert.Contains("is in use by another process", said, StringComparison.Ordinal);
        first.Resume();
        Assert.Equal(HttpStatusCode.OK, await Chart(first, patient, version: 2));
    }

    /// <summary>Sends one version of the patient's only resource; no connection counts as 503, as an EHR would take it.</summary>
    private static async Task<HttpStatusCode> Chart(SiloProcess silo, string patient, int version)
    {
        try
        {
            return (await new Caller(silo, silo.Site.Owner).Put(A.Pulse(patient + "-pulse", patient, 60 + version, A.Morning, version))).Status;
        }
        catch (Exception away) when (away is HttpRequestException or OperationCanceledException)
        {
            return HttpStatusCode.ServiceUnavailable;
        }
    }

    private static async Task<(bool Fenced, long Sequence)> WriterOf(Site site, long writer)
    {
        await using var source = NpgsqlDataSource.Create(site.Connection!);
        await using var command = source.CreateCommand("SELECT fenced, (SELECT count(*) FROM log WHERE writer = $1) FROM writers WHERE id = $1");
        command.Parameters.AddWithValue(writer);
        await using var row = await command.ExecuteReaderAsync();
        Assert.True(await row.ReadAsync());
        return (row.GetBoolean(0), row.GetInt64(1));
    }

    /// <summary>Writers whose sequence has a hole, and patients whose numbers have one.</summary>
    private static async Task<long> Gaps(Site site)
    {
        await using var source = NpgsqlDataSource.Create(site.Connection!);
        await using var command = source.CreateCommand(
            """
            SELECT (SELECT count(*) FROM (SELECT 1 FROM log GROUP BY writer HAVING count(*) <> max(sequence)) AS w)
                 + (SELECT count(*) FROM (SELECT 1 FROM log GROUP BY patient HAVING count(*) <> max(number)) AS p)
            """);
        return (long)(await command.ExecuteScalarAsync())!;
    }
}
