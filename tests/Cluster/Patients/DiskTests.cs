using System.Text;
using System.Text.Json.Nodes;
using HealthMLOps.Storage;
using HealthMLOps.Tests.Cluster.Storage;
using HealthMLOps.Tests.Shared;

namespace HealthMLOps.Tests.Cluster.Patients;

/// <summary>Planted words are looked for in the raw bytes of the database's files, its write-ahead log included.</summary>
public sealed class DiskTests(Stores stores)
{
    private const string Canary = "kanarienvogel-7316";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Nothing_of_a_patient_or_a_model_is_readable_in_the_embedded_databases_files()
    {
        var options = await stores.Empty(StorageProvider.Sqlite);
        await using var ward = await Ward.Open(options);
        await Plant(ward);
        Assert.Empty(FilesWith(options.DataFolder, Canary));

        await ward.Get<Settings>().Set("control", Canary, Stop);
        Assert.NotEmpty(FilesWith(options.DataFolder, Canary));
    }

    [Fact]
    public async Task Nothing_of_a_patient_or_a_model_is_readable_in_PostgreSQLs_files()
    {
        await using var server = await PostgresServer.Start();
        var options = (await stores.Empty(StorageProvider.Sqlite)) with { Provider = StorageProvider.Postgres, ConnectionString = await server.NewDatabase() };
        await using var ward = await Ward.Open(options);
        await Plant(ward);
        await ward.Get<Database>().Change("CHECKPOINT", Stop);
        Assert.Empty(FilesWith(server.DataFolder, Canary));

        await ward.Get<Settings>().Set("control", Canary, Stop);
        await ward.Get<Database>().Change("CHECKPOINT", Stop);
        Assert.NotEmpty(FilesWith(server.DataFolder, Canary));
    }

    /// <summary>A word in everything that is kept of a patient: codes of facts, a refused resource, a snapshot, a name of a model.</summary>
    private static async Task Plant(Ward ward)
    {
        var coded = JsonNode.Parse(Chart.HeartRateJson("o1", "p1", 80))!.AsObject();
        coded["code"]!["coding"]!.AsArray().Add(new JsonObject { ["system"] = "urn:local", ["code"] = Canary });
        await ward.Take(Chart.Of(coded.ToJsonString()), Chart.Admitted("e1", "p1"));
        Assert.Contains(await ward.Facts("p1"), f => f.Entries.OfType<HealthMLOps.Clinical.Measurement>().Any(m => m.Codes.Any(c => c.Code == Canary)));

        coded["id"] = "o2";
        coded["valueQuantity"]!["code"] = "furlong";
        await ward.Put("Observation", "o2", coded.ToJsonString());
        Assert.Contains(Canary, (await ward.GetJson("/api/v1/quarantine/1")).GetProperty("payload").GetString(), StringComparison.Ordinal);

        await AModel.Registered(ward);
        await ward.Get<PackageStore>().Put(Encoding.UTF8.GetBytes("PK" + Canary), Stop);
        for (var n = 0; n < 40; n++) await ward.Take(Chart.HeartRate($"h{n}", "p1", 60 + n));
    }

    private static IReadOnlyList<string> FilesWith(string folder, string word) => RawFiles.With(
        folder, Encoding.UTF8.GetBytes(word), Encoding.Unicode.GetBytes(word), Encoding.UTF8.GetBytes(Convert.ToBase64String(Encoding.UTF8.GetBytes(word))[..20]));
}
