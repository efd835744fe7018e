using System.Net;
using System.Text.Json.Nodes;
using HealthMLOps.Storage;
using HealthMLOps.Tests.Cluster.Patients;
using HealthMLOps.Tests.Cluster.Storage;

namespace HealthMLOps.Tests.Cluster.Access;

/// <summary>What stands around every route: limits by caller, headers, browsers' origins.</summary>
public sealed class HardeningTests(Stores stores)
{
    private const string OurPages = "https://console.example";

    [Fact]
    public async Task A_stranger_who_floods_is_slowed_and_nobody_else_is()
    {
        var policy = APolicy.With("access.json", access => access["limits"]!["strangers"] = new JsonObject { ["perSecond"] = 1, ["burst"] = 3 });
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite), configFolder: policy);
        var stranger = new Door(ward);
        HttpResponseMessage? last = null;
        for (var n = 0; n < 20 && last?.StatusCode != HttpStatusCode.TooManyRequests; n++)
        {
            last?.Dispose();
            last = await stranger.Raw(HttpMethod.Get, "/api/v1/status");
        }
        using var refused = last!;
        Assert.Equal(HttpStatusCode.TooManyRequests, refused.StatusCode);
        Assert.True(refused.Headers.RetryAfter?.Delta >= TimeSpan.FromSeconds(1));
        Assert.Equal(HttpStatusCode.OK, (await Door.Owner(ward).Get("/api/v1/status")).Status);
    }

    [Fact]
    public async Task Who_has_used_up_their_control_acts_can_still_halt()
    {
        var policy = APolicy.With("access.json", access => access["limits"]!["control"] = new JsonObject { ["perSecond"] = 1, ["burst"] = 3 });
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite), configFolder: policy);
        var owner = Door.Owner(ward);
        var status = HttpStatusCode.OK;
        for (var n = 0; n < 20 && status != HttpStatusCode.TooManyRequests; n++) status = (await owner.Get("/api/v1/status")).Status;
        Assert.Equal(HttpStatusCode.TooManyRequests, status);
        Assert.Equal("confirmed", (await owner.Post("/api/v1/rings/halts", new { scope = "global", reason = "Wrong scores" })).Body!["outcome"]!.GetValue<string>());
    }

    /// <summary>The database of the plan and the record is gone: the halt stands on this silo before anything waits for it, whoever of the known people pulls it.</summary>
    [Theory, InlineData("owner"), InlineData("person")]
    public async Task A_halt_needs_no_database(string who)
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        var door = who == "owner" ? Door.Owner(ward) : await Door.Person(ward, "p-anna", ["operator"]);
        await ward.Get<Database>().Change("ALTER TABLE serving_plan RENAME TO gone", CancellationToken.None);
        await ward.Get<Database>().Change("ALTER TABLE people RENAME TO gone_people", CancellationToken.None);
        var outcome = (await door.Post("/api/v1/rings/halts", new { scope = "global", reason = "Wrong scores" })).Body!["outcome"]!.GetValue<string>();
        Assert.Equal("bounded, unrecorded", outcome);
        Assert.Equal("global", Assert.Single(ward.Get<HealthMLOps.Models.PlanBoard>().Latched).Scope.ToString());
    }

    [Theory]
    [InlineData("/health/live")]
    [InlineData("/fhir/metadata")]
    [InlineData("/api/v1/status")]
    [InlineData("/nothing/here")]
    public async Task Every_answer_carries_the_security_headers(string path)
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        using var answer = await new Door(ward).Raw(HttpMethod.Get, path);
        string Header(string name) => string.Join(' ', answer.Headers.NonValidated[name]);
        Assert.Contains("default-src 'none'", Header("Content-Security-Policy"), StringComparison.Ordinal);
        Assert.Equal(("nosniff", "DENY", "no-referrer"), (Header("X-Content-Type-Options"), Header("X-Frame-Options"), Header("Referrer-Policy")));
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Fact]
    public async Task The_token_servers_refusals_pass_the_same_headers_and_limits()
    {
        var policy = APolicy.With("access.json", access => access["limits"]!["strangers"] = new JsonObject { ["perSecond"] = 1, ["burst"] = 3 });
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite), configFolder: policy);
        using var first = await new Door(ward).Raw(HttpMethod.Post, "/oauth/token");
        Assert.Equal(HttpStatusCode.BadRequest, first.StatusCode);
        Assert.True(first.Headers.Contains("Content-Security-Policy"));
        var status = first.StatusCode;
        for (var n = 0; n < 20 && status != HttpStatusCode.TooManyRequests; n++) status = (await new Door(ward).Send(HttpMethod.Post, "/oauth/token", null)).Status;
        Assert.Equal(HttpStatusCode.TooManyRequests, status);
    }

    [Fact]
    public async Task A_browsers_page_may_call_only_from_a_listed_origin()
    {
        var policy = APolicy.With("access.json", access => access["corsOrigins"] = new JsonArray(OurPages));
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite), configFolder: policy);
        Assert.Equal(OurPages, await AllowedFor(ward, OurPages));
        Assert.Null(await AllowedFor(ward, "https://elsewhere.example"));
    }

    [Fact]
    public async Task No_origin_is_allowed_unless_configured()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        Assert.Null(await AllowedFor(ward, OurPages));
    }

    private static async Task<string?> AllowedFor(Ward ward, string origin)
    {
        using var answer = await new Door(ward).Raw(HttpMethod.Options, "/api/v1/status", null, ("Origin", origin), ("Access-Control-Request-Method", "GET"));
        return answer.Headers.TryGetValues("Access-Control-Allow-Origin", out var allowed) ? allowed.Single() : null;
    }
}
