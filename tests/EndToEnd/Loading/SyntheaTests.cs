using System.Text.Json.Nodes;
using HealthMLOps.Storage;
using HealthMLOps.Tests.EndToEnd.Processes;

namespace HealthMLOps.Tests.EndToEnd.Loading;

/// <summary>The same three Synthea patients as NDJSON and as transaction bundles.</summary>
public sealed class SyntheaTests(Sites sites)
{
    private const string KnownAt = "2026-01-01T00:00:00Z";

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Golden", "synthea");

    /// <summary>Each patient and an instant late in its hospital stay.</summary>
    private static readonly (string Patient, string Stay)[] Patients =
    [
        ("c536dee9-9ef6-4807-ae20-9f1045c9c7d6", "2010-12-22T07:00:00Z"),
        ("33f95545-e4cd-4535-a9ce-f91438f6f5ec", "2003-01-27T15:00:00Z"),
        ("b4405d0c-89e6-4788-b34a-f013480249c3", "2017-09-02T11:00:00Z"),
    ];

    [Fact]
    public async Task Both_forms_give_the_same_features_and_a_second_import_changes_nothing()
    {
        using var site = await sites.Fresh(StorageProvider.Sqlite);
        await using var silo = await site.Start();
        var lines = await HealthmlProcess.Run(silo, "import", Path.Combine(Folder, "ndjson"), "--source", Site.FirstSource);
        var bundles = await HealthmlProcess.Run(silo, "import", Path.Combine(Folder, "bundles"), "--source", Site.SecondSource);
        Assert.Equal((320, 0), (lines["used"]!.GetValue<int>(), lines["quarantined"]!.AsObject().Count));
        Assert.Equal((320, 0), (bundles["used"]!.GetValue<int>(), bundles["quarantined"]!.AsObject().Count));

        var owner = new Caller(silo, site.Owner);
        foreach (var (patient, stay) in Patients)
            foreach (var set in new[] { "deterioration", "readmission" })
                foreach (var asOf in new[] { stay, "2020-05-01T00:00:00Z" })
                {
                    var one = await Features(owner, patient, set, asOf, Site.FirstSource);
                    var other = await Features(owner, patient, set, asOf, Site.SecondSource);
                    Assert.Equal(one.ToJsonString(), other.ToJsonString());
                    Assert.Contains(one, feature => feature.Value is not null);
                }

        var again = await HealthmlProcess.Run(silo, "import", Path.Combine(Folder, "ndjson"), "--name", "again");
        var bundlesAgain = await HealthmlProcess.Run(silo, "import", Path.Combine(Folder, "bundles"), "--name", "again", "--source", Site.SecondSource);
        Assert.Equal((320, 0), (again["repeated"]!.GetValue<int>(), again["used"]!.GetValue<int>()));
        Assert.Equal((320, 0), (bundlesAgain["repeated"]!.GetValue<int>(), bundlesAgain["used"]!.GetValue<int>()));
    }

    private static async Task<JsonObject> Features(Caller owner, string patient, string set, string asOf, string source) =>
        (await owner.Read($"/api/v1/patients/{patient}/features?set={set}&asOf={asOf}&knownAt={KnownAt}&source={source}"))["features"]!.AsObject();
}
