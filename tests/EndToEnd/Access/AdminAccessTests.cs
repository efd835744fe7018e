using System.Text.Json.Nodes;
using HealthMLOps.Storage;
using HealthMLOps.Tests.EndToEnd.Charts;
using HealthMLOps.Tests.EndToEnd.Processes;

namespace HealthMLOps.Tests.EndToEnd.Access;

/// <summary>People, programs, secrets and broken glass with the admin client, against a real server.</summary>
public sealed class AdminAccessTests(Sites sites)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Named_people_take_the_owners_place_and_break_glass_under_review()
    {
        using var site = await sites.Fresh(StorageProvider.Sqlite);
        await using var silo = await site.Start();
        string Kept(string name) => Path.Combine(site.Folder, name);

        await Owner(silo, "users", "add", "p-admin", "--name", "Ada Min", "--role", "it-security", "--save", Kept("admin"));
        // From here on somebody could be the second person, so the owner's word alone does nothing.
        var asked = await Owner(silo, "users", "add", "p-officer", "--name", "Otto Ficer", "--role", "auditor", "--save", Kept("officer"));
        Assert.Equal(4, await Code(silo, Kept("officer"), "status"));
        Assert.Equal(4, await Code(silo, site.OwnerCredentialFile, "requests", "confirm", asked["request"]!.GetValue<string>(), "--yes"));
        await As(silo, Kept("admin"), "users", "credential", "rotate", "--save", Kept("admin-own"));
        File.Move(Kept("admin-own"), Kept("admin"), overwrite: true);
        await Confirmed(silo, Kept("admin"), asked, Kept("officer"));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Kept("admin")));
        await Confirmed(silo, Kept("admin"), await Owner(silo, "users", "roles", "p-officer", "--role", "compliance"));
        await As(silo, Kept("officer"), "users", "credential", "rotate", "--save", Kept("officer-own"));
        File.Move(Kept("officer-own"), Kept("officer"), overwrite: true);
        Assert.Equal(["p-admin", "p-officer"], (await As(silo, Kept("admin"), "users", "list")).AsArray().Select(p => p!["id"]!.GetValue<string>()));
        await As(silo, Kept("admin"), "users", "credential", "rotate", "--save", Kept("admin-2"));
        Assert.Equal(4, await Code(silo, Kept("admin"), "users", "list"));
        var former = (await File.ReadAllTextAsync(site.OwnerCredentialFile, Stop)).Trim();
        await Confirmed(silo, Kept("officer"), await As(silo, Kept("admin-2"), "owner", "rotate"));
        Assert.NotEqual(former, (await File.ReadAllTextAsync(site.OwnerCredentialFile, Stop)).Trim());
        File.Copy(site.OwnerCredentialFile, Kept("owner"));
        await As(silo, Kept("admin-2"), "owner", "disable");
        Assert.Equal(4, await Code(silo, Kept("owner"), "users", "list"));

        await As(silo, Kept("officer"), "break-glass", "open", "--reason", "patient-safety-investigation", "--explanation", "A complaint about this unit.",
            "--unit", "icu", "--credential-again", Kept("officer"));
        var uses = (await As(silo, Kept("officer"), "break-glass", "list")).AsArray();
        Assert.Equal("glass-1", Assert.Single(uses)!["id"]!.GetValue<string>());
        Assert.Equal(4, await Code(silo, Kept("officer"), "break-glass", "review", "glass-1", "--verdict", "justified"));
        await Confirmed(silo, Kept("officer"), await As(silo, Kept("admin-2"), "users", "add", "p-second", "--name", "Sec Ond", "--role", "compliance", "--save", Kept("second")), Kept("second"));
        Assert.Equal("A complaint about this unit.", (await As(silo, Kept("second"), "break-glass", "show", "glass-1"))["explanation"]!.GetValue<string>());
        Assert.Equal("justified", (await As(silo, Kept("second"), "break-glass", "review", "glass-1", "--verdict", "justified"))["verdict"]!.GetValue<string>());

        Assert.Equal(2, await Code(silo, Kept("admin-2"), "users", "disable", "p-second"));
        await As(silo, Kept("admin-2"), "users", "disable", "p-second", "--yes");
        Assert.Equal(4, await Code(silo, Kept("second"), "break-glass", "list"));
        var refused = (await As(silo, Kept("admin-2"), "owner", "enable"))["request"]!.GetValue<string>();
        Assert.Contains("owner.enable", (await As(silo, Kept("officer"), "requests", "show", refused))["text"]!.GetValue<string>(), StringComparison.Ordinal);
        Assert.Equal("withdrawn", (await As(silo, Kept("officer"), "requests", "withdraw", refused))["state"]!.GetValue<string>());
        Assert.Equal(1, await Code(silo, Kept("officer"), "requests", "confirm", refused, "--yes"));
        await Confirmed(silo, Kept("officer"), await As(silo, Kept("admin-2"), "owner", "enable"));
        await As(silo, Kept("owner"), "users", "list");
        Assert.Equal(["done", "withdrawn"], (await As(silo, Kept("officer"), "requests", "list")).AsArray().Take(2).Select(r => r!["state"]!.GetValue<string>()));
    }

    [Fact]
    public async Task The_key_ring_is_changed_and_a_patient_erased_for_ever()
    {
        using var site = await sites.Fresh(StorageProvider.Sqlite);
        await using var silo = await site.Start();
        var owner = new Caller(silo, (await File.ReadAllTextAsync(site.OwnerCredentialFile, Stop)).Trim());
        var patient = A.NewId("p");
        await owner.Put(A.Pulse(A.NewId("o"), patient, 70, A.Morning));

        var former = (await Owner(silo, "keys", "list"))["items"]!.AsArray();
        var newest = await Owner(silo, "keys", "rotate", "--yes");
        var keys = (await Owner(silo, "keys", "list"))["items"]!.AsArray();
        Assert.Equal((former.Count + 1, newest["id"]!.GetValue<string>()), (keys.Count, keys[0]!["id"]!.GetValue<string>()));
        Assert.Single(await owner.History(patient));

        Assert.Equal(2, await Code(silo, site.OwnerCredentialFile, "patients", "erase", patient, "--reason", "request"));
        Assert.True((await Owner(silo, "patients", "erase", patient, "--reason", "request", "--yes"))["erased"]!.GetValue<bool>());
        Assert.Equal(System.Net.HttpStatusCode.Gone, (await owner.Get($"/api/v1/patients/{patient}/risk")).Status);
        Assert.NotEqual(0, await Code(silo, site.OwnerCredentialFile, "patients", "history", patient));
    }

    [Fact]
    public async Task Programs_secrets_and_the_egress_register_are_managed_and_a_login_is_remembered()
    {
        using var site = await sites.Fresh(StorageProvider.Sqlite);
        await using var silo = await site.Start();
        string Kept(string name) => Path.Combine(site.Folder, name);
        using var key = System.Security.Cryptography.ECDsa.Create(System.Security.Cryptography.ECCurve.NamedCurves.nistP384);
        var point = key.ExportParameters(false).Q;
        await File.WriteAllTextAsync(Kept("jwks"),
            $$"""{"keys":[{"kty":"EC","crv":"P-384","kid":"k1","x":"{{Url(point.X!)}}","y":"{{Url(point.Y!)}}"}]}""", Stop);

        await Owner(silo, "clients", "add", "ward-app", "--name", "Ward app", "--role", "clinical-app", "--scope", "system/RiskAssessment.rs", "--jwks", Kept("jwks"));
        Assert.Equal(1, await Code(silo, site.OwnerCredentialFile, "clients", "add", "all", "--name", "All", "--role", "clinical-app", "--scope", "system/*.rs", "--jwks", Kept("jwks")));
        await Owner(silo, "clients", "disable", "ward-app", "--yes");
        Assert.True((await Owner(silo, "clients", "list")).AsArray().Single()!["disabled"]!.GetValue<bool>());

        await Owner(silo, "sources", "secret", "rotate", Site.FirstSource, "--keep-former-hours", "1", "--save", Kept("sender"));
        var sender = new Caller(silo, (await File.ReadAllTextAsync(Kept("sender"), Stop)).Trim());
        Assert.Equal(System.Net.HttpStatusCode.OK, (await sender.Post("/fhir/notify/" + Site.FirstSource)).Status);
        Assert.Empty((await Owner(silo, "egress", "list")).AsArray());

        var home = new Dictionary<string, string> { ["XDG_CONFIG_HOME"] = Kept("home") };
        await using (var login = ChildProcess.Start("healthml",
            ["login", "--as", "ward", "--server", silo.Address.OriginalString, "--credential-file", site.OwnerCredentialFile, "--output", "json"], home))
            Assert.Equal(0, await login.Ended());
        await using var status = ChildProcess.Start("healthml", ["status", "--output", "json"], home);
        Assert.Equal(0, await status.Ended());
        await using var profiles = ChildProcess.Start("healthml", ["profiles", "list", "--output", "json"], home);
        Assert.Equal(0, await profiles.Ended());
        Assert.Equal("ward", JsonNode.Parse(profiles.Said)!.AsArray().Single()!["name"]!.GetValue<string>());
    }

    private static Task<JsonNode> Owner(SiloProcess silo, params string[] words) => As(silo, silo.Site.OwnerCredentialFile, words);

    private static async Task<JsonNode> As(SiloProcess silo, string credentialFile, params string[] words)
    {
        await using var command = Start(silo, credentialFile, words);
        Assert.True(await command.Ended() == 0, $"healthml {string.Join(' ', words)}: {command.Complained}");
        return JsonNode.Parse(command.Said)!;
    }

    /// <param name="silo">Where.</param>
    /// <param name="credentialFile">Of who confirms.</param>
    /// <param name="asked">What was asked.</param>
    /// <param name="firstHalf">File with the first half of the credential that it makes; holds the whole one then.</param>
    private static async Task Confirmed(SiloProcess silo, string credentialFile, JsonNode asked, string? firstHalf = null)
    {
        string[] save = firstHalf is null ? [] : ["--save", firstHalf + "-second"];
        var confirmed = await As(silo, credentialFile, ["requests", "confirm", asked["request"]!.GetValue<string>(), "--digest", asked["digest"]!.GetValue<string>(), .. save]);
        Assert.Equal("done", confirmed["state"]!.GetValue<string>());
        if (firstHalf is null) return;
        Assert.Equal(4, await Code(silo, firstHalf, "status"));
        await File.WriteAllTextAsync(firstHalf, (await File.ReadAllTextAsync(firstHalf, Stop)).Trim() + "~" + (await File.ReadAllTextAsync(firstHalf + "-second", Stop)).Trim(), Stop);
    }

    private static async Task<int> Code(SiloProcess silo, string credentialFile, params string[] words)
    {
        await using var command = Start(silo, credentialFile, words);
        return await command.Ended();
    }

    private static ChildProcess Start(SiloProcess silo, string credentialFile, string[] words) =>
        ChildProcess.Start("healthml", [.. words, "--server", silo.Address.OriginalString, "--credential-file", credentialFile, "--output", "json"]);

    private static string Url(byte[] bytes) => Convert.ToBase64String(bytes).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
