using System.Text.Json.Nodes;
using HealthMLOps.Storage;
using HealthMLOps.Tests.EndToEnd.Processes;

namespace HealthMLOps.Tests.EndToEnd.Halts;

/// <summary>Every verb of <c>healthml rings</c> against a real server.</summary>
public sealed class AdminRingsTests(Sites sites)
{
    [Fact]
    public async Task One_person_alone_comes_as_far_as_shadow_can_stop_everything_and_can_not_restart()
    {
        using var site = await sites.Fresh(StorageProvider.Sqlite);
        await using var silo = await site.Start();
        await AModel.Registered(silo);

        Assert.Contains("stands in no ring", await Refused(silo, "rings", "canary", "deterioration@1", "--units", "medical"), StringComparison.Ordinal);
        var planned = await HealthmlProcess.Run(silo, "rings", "plan", "deterioration@1", "--ring", "shadow");
        Assert.Equal("shadow", planned["plan"]!["ring"]!.GetValue<string>());
        var placed = await HealthmlProcess.Run(silo, "rings", "advance", "deterioration", "--yes");
        Assert.Equal("deterioration/shadow", placed["rings"]![0]!["ring"]!.GetValue<string>());
        Assert.Equal("deterioration@1", (await List(silo, "rings", "list"))[0]!["version"]!.GetValue<string>());

        await HealthmlProcess.Run(silo, "rings", "canary", "deterioration@1", "--units", "medical,surgical");
        var shown = await HealthmlProcess.Run(silo, "rings", "show", "deterioration");
        Assert.Equal(["medical", "surgical"], shown["plan"]!["units"]!.AsArray().Select(u => u!.GetValue<string>()));
        Assert.Contains(shown["evidence"]!["gates"]!.AsArray(), g => g!["verdict"]!.GetValue<string>() == "inconclusive");
        Assert.Contains("another person must", await Refused(silo, "rings", "approve", "deterioration", "--yes", "--credential-again", site.OwnerCredentialFile), StringComparison.Ordinal);
        Assert.Contains("needs signatures", await Refused(silo, "rings", "advance", "deterioration", "--yes"), StringComparison.Ordinal);
        Assert.Contains("no former plan", await Refused(silo, "rings", "rollback", "deterioration", "--reason", "test", "--yes"), StringComparison.Ordinal);

        var drill = await HealthmlProcess.Run(silo, "rings", "drill", "--reason", "quarterly");
        Assert.True(drill["counts"]!.GetValue<bool>());
        var halted = await HealthmlProcess.Run(silo, "rings", "halt", "global", "--reason", "test", "--yes");
        Assert.Equal(("confirmed", "NEWS2"), (halted["outcome"]!.GetValue<string>(), halted["fallback"]!.GetValue<string>()));
        var id = halted["id"]!.GetValue<string>();
        Assert.Contains("The checklist is not closed", await Refused(silo, "rings", "restart", id, "--confirm", "cause-known", "--yes"), StringComparison.Ordinal);
        await HealthmlProcess.Run(silo, "rings", "restart", id, "--confirm", "cause-known,cause-removed,unscored-patients-listed,wards-told", "--yes");
        var halts = await HealthmlProcess.Run(silo, "rings", "halts");
        Assert.Equal("owner", halts["standing"]![0]!["restartAskedBy"]!.GetValue<string>());
        Assert.Equal(["global", drill["scope"]!.GetValue<string>()], halts["past"]!.AsArray().Select(h => h!["scope"]!.GetValue<string>()));

        var retired = await HealthmlProcess.Run(silo, "rings", "demote", "deterioration@1", "--to", "retired", "--reason", "replaced", "--yes");
        Assert.Equal("deterioration@1", retired["retired"]![0]!.GetValue<string>());
    }

    [Theory]
    [InlineData("short-dwell", "at least 14 are needed outside a demo")]
    [InlineData("no-signature", "without a signature")]
    [InlineData("unknown-criterion", "refused by its schema")]
    public async Task A_ring_policy_that_is_too_lax_ends_the_start(string fault, string said)
    {
        using var site = await sites.Fresh(StorageProvider.Sqlite);
        var file = Path.Combine(site.Config, "rings", "default.json");
        var policy = JsonNode.Parse(await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken))!;
        var canary = policy["rings"]![1]!;
        if (fault == "short-dwell") canary["dwell"]!["days"] = 13;
        else if (fault == "no-signature") canary["signatures"] = new JsonArray();
        else canary["gates"]![0]!["criterion"] = "gut-feeling";
        await File.WriteAllTextAsync(file, policy.ToJsonString(), TestContext.Current.CancellationToken);

        var (code, log) = await SiloProcess.Refused(site);

        Assert.NotEqual(0, code);
        Assert.Contains(said, log, StringComparison.Ordinal);
    }

    private static async Task<string> Refused(SiloProcess silo, params string[] arguments) =>
        (await Assert.ThrowsAsync<InvalidOperationException>(() => HealthmlProcess.Run(silo, arguments))).Message;

    private static async Task<JsonArray> List(SiloProcess silo, params string[] arguments)
    {
        await using var command = HealthmlProcess.Start(silo, arguments);
        return await command.List();
    }
}
