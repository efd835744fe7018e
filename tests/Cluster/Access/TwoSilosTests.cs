using System.Net;
using HealthMLOps.Access;
using HealthMLOps.Storage;
using HealthMLOps.Tests.Cluster.Patients;
using HealthMLOps.Tests.Cluster.Storage;

namespace HealthMLOps.Tests.Cluster.Access;

/// <summary>Two silos over one database are one door: what is taken back on one opens nothing on the other.</summary>
public sealed class TwoSilosTests(Stores stores)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Who_is_disabled_or_rotated_on_one_silo_is_out_on_the_other()
    {
        var options = await stores.Empty(StorageProvider.Postgres);
        await using var here = await Ward.Open(options);
        await using var there = await Ward.Open(options);
        var anna = await Door.Secret(here, "p-anna", ["auditor"]);
        var sender = (await File.ReadAllTextAsync(Path.Combine(options.DataFolder, "source-secrets", "general-hospital"), Stop)).Trim();
        await Becomes(HttpStatusCode.OK, () => new Door(there, anna).Get("/api/v1/me"));
        await Becomes(HttpStatusCode.OK, () => Knock(there, sender));

        await Door.Owner(here).Post("/api/v1/users/p-anna/disable", new { });
        var renewed = (await Door.Owner(here).Post("/api/v1/sources/general-hospital/secret", new { keepFormerHours = 0 })).Body!["secret"]!.GetValue<string>();

        await Becomes(HttpStatusCode.Unauthorized, () => new Door(there, anna).Get("/api/v1/me"));
        await Becomes(HttpStatusCode.Unauthorized, () => Knock(there, sender));
        await Becomes(HttpStatusCode.OK, () => Knock(there, renewed));
    }

    [Fact]
    public async Task A_programs_assertion_counts_once_in_all_and_its_end_is_everywhere()
    {
        var options = await stores.Empty(StorageProvider.Postgres);
        await using var here = await Ward.Open(options);
        await using var there = await Ward.Open(options);
        const string scope = "system/RiskAssessment.rs";
        using var program = new AProgram();
        await program.Register(here, scope);
        var (endpointHere, endpointThere) = (await Endpoint(here), await Endpoint(there));
        await Becomes(HttpStatusCode.OK, () => AProgram.Ask(there, program.Assertion(endpointThere), scope));

        var jti = Guid.NewGuid().ToString();
        Assert.Equal(HttpStatusCode.OK, (await AProgram.Ask(here, program.Assertion(endpointHere, jti: jti), scope)).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await AProgram.Ask(there, program.Assertion(endpointThere, jti: jti), scope)).Status);

        await Door.Owner(here).Post($"/api/v1/clients/{program.Id}/disable", new { });
        await Becomes(HttpStatusCode.Unauthorized, () => AProgram.Ask(there, program.Assertion(endpointThere), scope));
    }

    [Fact]
    public async Task Glass_that_was_broken_on_one_silo_is_seen_and_counts_on_the_other()
    {
        var options = await stores.Empty(StorageProvider.Postgres);
        await using var here = await Ward.Open(options);
        await using var there = await Ward.Open(options);
        await here.Take(Chart.Person("p1", null), Chart.HeartRate("o1", "p1", 80));
        var secret = await Door.Secret(here, "p-anna", ["compliance"]);
        var far = new Door(there, secret) { Purpose = Purposes.BreakGlass };
        await Becomes(HttpStatusCode.OK, () => new Door(there, secret).Get("/api/v1/me"));
        Assert.Equal(HttpStatusCode.Forbidden, (await far.Get("/api/v1/patients/p1/risk")).Status);

        var (status, body) = await new Door(here, secret).Post("/api/v1/break-glass", new { patient = "p1", reason = "patient-safety-investigation", explanation = "A complaint.", credential = secret });
        Assert.True(status == HttpStatusCode.Created, body?.ToJsonString());

        await Becomes(HttpStatusCode.OK, () => far.Get("/api/v1/patients/p1/risk"));
    }

    [Fact]
    public async Task A_rotated_owner_is_one_owner_on_every_silo()
    {
        var options = await stores.Empty(StorageProvider.Postgres);
        await using var here = await Ward.Open(options);
        var former = File.ReadAllText(Path.Combine(options.DataFolder, "owner-credential")).Trim();
        await using var there = await Ward.Open(options);
        await Becomes(HttpStatusCode.OK, () => new Door(there, former).Get("/api/v1/me"));

        var renewed = (await Door.Owner(here).Post("/api/v1/owner/rotate", new { })).Body!["credential"]!.GetValue<string>();

        await Becomes(HttpStatusCode.Unauthorized, () => new Door(there, former).Get("/api/v1/me"));
        await Becomes(HttpStatusCode.OK, () => new Door(there, renewed).Get("/api/v1/me"));
    }

    [Fact]
    public async Task An_owner_whose_new_credential_cant_be_written_keeps_the_former_one_on_every_silo()
    {
        var options = await stores.Empty(StorageProvider.Postgres);
        await using var here = await Ward.Open(options);
        var file = Path.Combine(options.DataFolder, "owner-credential");
        var former = (await File.ReadAllTextAsync(file, Stop)).Trim();
        await using var there = await Ward.Open(options);
        File.Delete(file);
        Directory.CreateDirectory(file);

        await Assert.ThrowsAnyAsync<Exception>(() => here.Get<OwnerCredential>().Rotate(Stop));

        Assert.Null(await here.Get<AccessStore>().OwnerDigest(Stop));
        foreach (var ward in (Ward[])[here, there])
        {
            await ward.Get<AccessBoard>().Reload(Stop);
            Assert.Equal(HttpStatusCode.OK, (await new Door(ward, former).Get("/api/v1/me")).Status);
        }
    }

    /// <summary>OK where the secret is known, whatever the door then says of an empty notification.</summary>
    private static async Task<(HttpStatusCode, System.Text.Json.Nodes.JsonNode?)> Knock(Ward ward, string secret)
    {
        var (status, body) = await new Door(ward, secret).Post("/fhir/notify/general-hospital", "");
        return (status == HttpStatusCode.Unauthorized ? status : HttpStatusCode.OK, body);
    }

    private static async Task<string> Endpoint(Ward ward) => (await new Door(ward).Get("/.well-known/smart-configuration")).Body!["token_endpoint"]!.GetValue<string>();

    /// <summary>The other silo reads the change by itself; how soon is <see cref="AccessBoard.Period"/>, and what is stated here is only that it does.</summary>
    private static async Task Becomes(HttpStatusCode expected, Func<Task<(HttpStatusCode Status, System.Text.Json.Nodes.JsonNode? Body)>> ask)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Stop);
        deadline.CancelAfter(AccessBoard.Period * 10);
        while ((await ask()).Status != expected) await Task.Delay(50, deadline.Token);
    }
}
