using System.Net;
using System.Text;
using HealthMLOps.Storage;
using HealthMLOps.Tests.Cluster.Patients;
using HealthMLOps.Tests.Cluster.Storage;

namespace HealthMLOps.Tests.Cluster.Access;

/// <summary>The way back from a pseudonym to a name.</summary>
public sealed class VaultTests(Stores stores)
{
    public static TheoryData<StorageProvider> Both => Stores.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task A_clinician_learns_who_a_pseudonym_is_by_the_newest_name_and_nobody_else_does(StorageProvider provider)
    {
        await using var ward = await Ward.Open(await stores.Empty(provider));
        await ward.Put("Patient", "p1", Named("2", "Anna", "Newname"));
        await ward.Put("Patient", "p1", Named("1", "Anna", "Oldname"));
        await ward.Put("Observation", "o1", Chart.HeartRateJson("o1", "p2", 80));
        await ward.Settle();
        string Path(string id) => $"/api/v1/patients/by-pseudonym/{ward.Patient(id).Value}/identity";
        var clinician = await Door.Person(ward, "p-reviewer", ["clinician-reviewer"]);

        var known = (await clinician.Get(Path("p1"))).Body!;
        Assert.Equal(("general-hospital", "p1", "Anna Newname"), (known["source"]!.GetValue<string>(), known["patient"]!.GetValue<string>(), known["name"]!.GetValue<string>()));
        var nameless = (await clinician.Get(Path("p2"))).Body!;
        Assert.Equal(("p2", null), (nameless["patient"]!.GetValue<string>(), nameless["name"]?.GetValue<string>()));
        Assert.Equal(HttpStatusCode.NotFound, (await clinician.Get(Path("p3"))).Status);
        Assert.Equal(HttpStatusCode.BadRequest, (await clinician.Get("/api/v1/patients/by-pseudonym/p1/identity")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await (await Door.Person(ward, "p-data", ["data-scientist"])).Get(Path("p1"))).Status);
        foreach (var file in provider == StorageProvider.Sqlite ? Directory.EnumerateFiles(ward.Options.DataFolder, "healthml.db*") : [])
            Assert.True(await Raw(file) is var bytes && bytes.AsSpan().IndexOf(Encoding.UTF8.GetBytes("Newname")) < 0, $"{file} holds the name.");
    }

    [Fact]
    public async Task Who_may_not_read_identified_data_reads_shadow_scores_by_pseudonym_alone()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        await ward.Put("Observation", "o1", Chart.HeartRateJson("o1", "p1", 80));
        await ward.Settle();
        foreach (var role in new[] { "data-scientist", "ml-engineer", "compliance" })
        {
            var door = await Door.Person(ward, "p-" + role, [role]);
            Assert.Equal(HttpStatusCode.Forbidden, (await door.Get("/api/v1/patients/p1/shadow-scores?model=sepsis")).Status);
            Assert.Equal(HttpStatusCode.OK, (await door.Get($"/api/v1/patients/by-pseudonym/{ward.Patient("p1").Value}/shadow-scores?model=sepsis")).Status);
            Assert.Equal(HttpStatusCode.BadRequest, (await door.Get("/api/v1/patients/by-pseudonym/p1/shadow-scores?model=sepsis")).Status);
        }
        Assert.Equal(HttpStatusCode.OK, (await (await Door.Person(ward, "p-reviewer", ["clinician-reviewer"])).Get("/api/v1/patients/p1/shadow-scores?model=sepsis")).Status);
    }

    private static async Task<byte[]> Raw(string file)
    {
        await using var open = new FileStream(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        using var copy = new MemoryStream();
        await open.CopyToAsync(copy);
        return copy.ToArray();
    }

    private static string Named(string version, string given, string family) => $$"""
        {"resourceType":"Patient","id":"p1","meta":{"versionId":"{{version}}","lastUpdated":"2026-11-20T11:0{{version}}:00Z"},
         "name":[{"use":"nickname","text":"Annie"},{"use":"official","given":["{{given}}"],"family":"{{family}}"}]}
        """;
}
