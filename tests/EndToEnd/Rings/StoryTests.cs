using System.Net.Http.Headers;
using System.Text.Json.Nodes;
using HealthMLOps.Tests.EndToEnd.Newcomer;
using HealthMLOps.Tests.EndToEnd.Processes;
using HealthMLOps.Tests.Shared;

namespace HealthMLOps.Tests.EndToEnd.Rings;

/// <summary>The admin client alone, on a demo's fast clock: from a registered model to production in four units, and back.</summary>
public sealed class StoryTests
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);
    private static readonly string[] FourUnits = ["ed", "icu", "medical", "surgical"];

    [Fact]
    public async Task A_model_goes_to_production_in_four_units_and_back()
    {
        using var site = Site.Make(HealthMLOps.Storage.StorageProvider.Sqlite, null);
        await File.WriteAllTextAsync(Path.Combine(site.Config, "rings", "default.json"), QuickPolicy, TestContext.Current.CancellationToken);
        var url = "http://127.0.0.1:" + Ports.Free();
        await using var demo = ChildProcess.Start(Repository.Program("HealthMLOps.Silo", "HealthMLOps.Silo"),
            ["demo", "--data", site.Data, "--config", site.Config, "--urls", url, "--demo-rate", "3600"]);
        try
        {
            await Until.Holds("the demo has scored a patient", () => !demo.HasEnded ? demo.Said.Contains("first scored patient", StringComparison.Ordinal)
                : throw new InvalidOperationException(demo.Complained), Patience);
            await Tell(site, url);
        }
        finally
        {
            await demo.Stop(); // Asked, and not killed: it ends its simulator with it.
        }
    }

    private static async Task Tell(Site site, string url)
    {
        var owner = new Person(url, site.OwnerCredentialFile);
        var reviewer = await Hired(site, url, "p-bea", "Bea Weiss", "clinician-reviewer");
        var officer = await Hired(site, url, "p-carl", "Carl Ott", "compliance");

        await owner.Types("rings", "drill", "--reason", "before the first canary");
        await owner.Types("rings", "plan", "deterioration@1", "--ring", "shadow");
        await owner.Types("rings", "advance", "deterioration", "--yes");
        await Dwelt(owner, "canary", "--units", "medical");
        await reviewer.Types("rings", "approve", "deterioration", "--role", "clinician-reviewer", "--yes", "--credential-again", reviewer.CredentialFile);
        Assert.Equal("deterioration/canary", Ring(await owner.Types("rings", "advance", "deterioration", "--yes")));

        await Dwelt(owner, "plan", "--ring", "production", "--units", string.Join(',', FourUnits));
        await reviewer.Types("rings", "approve", "deterioration", "--yes", "--credential-again", reviewer.CredentialFile);
        Assert.Contains("needs signatures by clinician-reviewer, compliance", await owner.Fails("rings", "advance", "deterioration", "--yes"), StringComparison.Ordinal);
        await officer.Types("rings", "approve", "deterioration", "--yes", "--credential-again", officer.CredentialFile);
        var production = await owner.Types("rings", "advance", "deterioration", "--yes");
        Assert.Equal("deterioration/production", Ring(production));
        Assert.Equal(FourUnits, production["rings"]![0]!["units"]!.AsArray().Select(u => u!.GetValue<string>()));

        var halted = (await reviewer.Types("rings", "halt", "model:deterioration", "--reason", "too many alerts", "--yes"))["id"]!.GetValue<string>();
        await reviewer.Types("rings", "restart", halted, "--confirm", "cause-known", "--yes");
        Assert.Equal("p-bea", (await officer.Types("rings", "halts"))["standing"]![0]!["restartAskedBy"]!.GetValue<string>());
        Assert.Equal("restarted", (await officer.Types("rings", "restart", halted, "--yes"))["state"]!.GetValue<string>());

        Assert.Equal("deterioration/canary", Ring(await owner.Types("rings", "rollback", "deterioration", "--reason", "story", "--yes")));
        Assert.Equal("deterioration/shadow", Ring(await owner.Types("rings", "rollback", "deterioration", "--reason", "story", "--yes")));
    }

    /// <summary>Proposes again and again until the dwell is over, as a person would look again the next day.</summary>
    private static async Task Dwelt(Person person, params string[] plan)
    {
        var shown = new JsonObject();
        await Until.Holds("the version has been in its ring for long enough", async () =>
        {
            shown = await person.Types(["rings", plan[0], "deterioration@1", .. plan[1..]]);
            shown = await person.Types("rings", "show", "deterioration");
            var dwell = shown["evidence"]!["dwell"]!;
            return Enough(dwell, "days") && Enough(dwell, "events") && Enough(dwell, "maturedLabels");
        }, Patience);

        static bool Enough(JsonNode dwell, string what) => dwell[what]!.GetValue<double>() >= dwell[what + "Needed"]!.GetValue<double>();
    }

    private static string Ring(JsonObject model) => model["rings"]![0]!["ring"]!.GetValue<string>();

    /// <summary>A person with a credential of their own.</summary>
    private static async Task<Person> Hired(Site site, string url, string id, string name, string role)
    {
        using var http = new HttpClient { BaseAddress = new Uri(url) };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", site.Owner);
        var body = new JsonObject { ["id"] = id, ["name"] = name, ["roles"] = new JsonArray(role) };
        using var answer = await http.PostAsync(new Uri("/api/v1/users", UriKind.Relative), new StringContent(body.ToJsonString(), System.Text.Encoding.UTF8, "application/json"));
        var text = await answer.Content.ReadAsStringAsync();
        Assert.True(answer.IsSuccessStatusCode, text);
        var file = Path.Combine(site.Folder, id);
        await File.WriteAllTextAsync(file, JsonNode.Parse(text)!["credential"]!.GetValue<string>());
        return new Person(url, file);
    }

    /// <remarks>The demo's model is trained on few events; its gate is low, for the road is tested here and not the model.</remarks>
    private const string QuickPolicy = """
        {
          "$schema": "./ring-policy.schema.json", "name": "quick", "restartChecklist": ["cause-known"],
          "rings": [
            { "ring": "shadow", "dwell": { "days": 1.5, "events": 20, "maturedLabels": 1 } },
            { "ring": "canary", "unitsMax": 2, "dwell": { "days": 1, "events": 20, "maturedLabels": 0 }, "signatures": ["clinician-reviewer"],
              "gates": [{ "criterion": "validation-report.auroc", "atLeast": 0.3 }, { "criterion": "drill.age-days", "atMost": 100 }] },
            { "ring": "production", "signatures": ["clinician-reviewer", "compliance"],
              "gates": [{ "criterion": "validation-report.auroc", "atLeast": 0.3 }, { "criterion": "drill.age-days", "atMost": 100 }] }
          ]
        }
        """;

    /// <summary>Somebody at a terminal.</summary>
    private sealed record Person(string Url, string CredentialFile)
    {
        public async Task<JsonObject> Types(params string[] arguments)
        {
            await using var command = ChildProcess.Start("healthml", [.. arguments, "--server", Url, "--credential-file", CredentialFile, "--output", "json"]);
            var code = await command.Ended();
            return code == 0 ? JsonNode.Parse(command.Said)!.AsObject()
                : throw new InvalidOperationException($"healthml {string.Join(' ', arguments)} ended with {code}: {command.Complained}{command.Said}");
        }

        public async Task<string> Fails(params string[] arguments) => (await Assert.ThrowsAsync<InvalidOperationException>(() => Types(arguments))).Message;
    }
}
