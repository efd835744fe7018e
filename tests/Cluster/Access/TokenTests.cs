using System.Net;
using System.Text.Json.Nodes;
using HealthMLOps.Storage;
using HealthMLOps.Tests.Cluster.Patients;
using HealthMLOps.Tests.Cluster.Storage;
using Microsoft.IdentityModel.Tokens;

namespace HealthMLOps.Tests.Cluster.Access;

/// <summary>SMART Backend Services as a program meets it.</summary>
public sealed class TokenTests(Stores stores)
{
    private const string Risk = "system/RiskAssessment.rs";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    public static TheoryData<StorageProvider> Both => Stores.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task A_registered_program_finds_the_endpoint_gets_a_short_token_and_sees_what_its_scope_allows(StorageProvider provider)
    {
        await using var ward = await Ward.Open(await stores.Empty(provider));
        using var program = new AProgram();
        await program.Register(ward, Risk, "system/Patient.r", "system/Observation.rs");
        await ward.Take(Chart.Person("p1", null), Chart.HeartRate("o1", "p1", 80));
        var endpoint = (await new Door(ward).Get("/fhir/.well-known/smart-configuration")).Body!["token_endpoint"]!.GetValue<string>();

        var (status, answer) = await AProgram.Ask(ward, program.Assertion(endpoint), $"{Risk} system/Patient.r system/Condition.rs");

        Assert.True(status == HttpStatusCode.OK, answer?.ToJsonString());
        Assert.InRange(answer!["expires_in"]!.GetValue<int>(), 1, 300);
        Assert.Equal($"{Risk} system/Patient.r", answer["scope"]!.GetValue<string>());
        var app = new Door(ward, answer["access_token"]!.GetValue<string>());
        Assert.Equal(HttpStatusCode.OK, (await app.Get("/api/v1/patients/p1/risk")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await app.Get("/api/v1/patients/p1/features?set=deterioration")).Status);
        var history = await app.Get("/api/v1/patients/p1/history");
        Assert.Equal(["Patient/p1"], history.Body!["facts"]!.AsArray().Select(f => f!["resource"]!.GetValue<string>()));
        Assert.Equal(HttpStatusCode.Forbidden, (await app.Send(HttpMethod.Put, "/fhir/Observation/o2", "{}")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await app.Get("/api/v1/users")).Status);
    }

    [Fact]
    public async Task Both_algorithms_are_taken_and_a_program_that_is_disabled_loses_even_the_token_it_holds()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        using var program = new AProgram();
        await program.Register(ward, Risk);
        var endpoint = await Endpoint(ward);
        Assert.Equal(HttpStatusCode.OK, (await AProgram.Ask(ward, program.Assertion(endpoint, SecurityAlgorithms.RsaSha384), Risk)).Status);
        var token = (await AProgram.Ask(ward, program.Assertion(endpoint), Risk)).Body!["access_token"]!.GetValue<string>();
        Assert.Equal(HttpStatusCode.NotFound, (await new Door(ward, token).Get("/api/v1/patients/nobody/risk")).Status);

        await Door.Owner(ward).Post($"/api/v1/clients/{program.Id}/disable", new { });

        Assert.Equal(HttpStatusCode.Unauthorized, (await new Door(ward, token).Get("/api/v1/patients/nobody/risk")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await AProgram.Ask(ward, program.Assertion(endpoint), Risk)).Status);
    }

    [Theory, MemberData(nameof(Both))]
    public async Task An_assertion_is_used_once(StorageProvider provider)
    {
        await using var ward = await Ward.Open(await stores.Empty(provider));
        using var program = new AProgram();
        await program.Register(ward, Risk);
        var assertion = program.Assertion(await Endpoint(ward));
        Assert.Equal(HttpStatusCode.OK, (await AProgram.Ask(ward, assertion, Risk)).Status);
        Refused(await AProgram.Ask(ward, assertion, Risk));
    }

    [Fact]
    public async Task An_assertion_that_is_not_exactly_right_gives_nothing()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        using var program = new AProgram();
        using var stranger = new AProgram();
        await program.Register(ward, Risk);
        var endpoint = await Endpoint(ward);
        string[] assertions =
        [
            program.AssertionUnsigned(endpoint),
            program.AssertionByConfusion(endpoint),
            program.Assertion(endpoint, SecurityAlgorithms.RsaSha256),
            program.Assertion(endpoint, SecurityAlgorithms.RsaSsaPssSha384),
            program.Assertion("https://other.example/oauth/token"),
            program.Assertion(endpoint.Replace("/oauth/token", "/", StringComparison.Ordinal)),
            program.Assertion(endpoint, life: TimeSpan.FromMinutes(-2)),
            program.Assertion(endpoint, life: TimeSpan.FromHours(1)),
            program.Assertion(endpoint, kid: "other"),
            program.Assertion(endpoint, issuer: "somebody-else"),
            stranger.Assertion(endpoint),
            program.Assertion(endpoint)[..^4] + "AAAA",
        ];
        for (var i = 0; i < assertions.Length; i++)
        {
            var (status, body) = await AProgram.Ask(ward, assertions[i], Risk);
            Assert.True(status is HttpStatusCode.Unauthorized or HttpStatusCode.BadRequest && body!["access_token"] is null, $"assertion {i}: {(int)status} {body?.ToJsonString()}");
        }
        Assert.Equal(HttpStatusCode.BadRequest, (await AProgram.Ask(ward, program.Assertion(endpoint), "system/Condition.rs")).Status);
    }

    [Fact]
    public async Task A_token_that_we_did_not_sign_or_that_was_changed_opens_nothing()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        using var program = new AProgram();
        await program.Register(ward, Risk);
        var endpoint = await Endpoint(ward);
        var token = (await AProgram.Ask(ward, program.Assertion(endpoint), Risk)).Body!["access_token"]!.GetValue<string>();
        var parts = token.Split('.');
        var widened = Base64UrlEncoder.Encode(Base64UrlEncoder.Decode(parts[1]).Replace(Risk, "system/*.cruds", StringComparison.Ordinal));
        foreach (var forged in new[]
        {
            $"{parts[0]}.{widened}.{parts[2]}", $"{Base64UrlEncoder.Encode("""{"alg":"none","typ":"at+jwt"}""")}.{widened}.",
            program.Assertion(endpoint), "a.b.c", new string('a', 9000) + ".b.c",
        })
            Assert.Equal(HttpStatusCode.Unauthorized, (await new Door(ward, forged).Get("/api/v1/patients/p1/risk")).Status);
    }

    [Theory]
    [InlineData("system/*.rs")]
    [InlineData("system/*.read")]
    [InlineData("user/Observation.rs")]
    [InlineData("openid")]
    public async Task A_wildcard_or_foreign_scope_is_not_registered_in_production(string scope)
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        using var program = new AProgram();
        var (status, _) = await Door.Owner(ward).Post("/api/v1/clients", new { id = "a", name = "A", roles = new[] { "clinical-app" }, scopes = new[] { scope }, jwks = program.Jwks() });
        Assert.Equal(HttpStatusCode.BadRequest, status);
    }

    private static async Task<string> Endpoint(Ward ward) => (await new Door(ward).Get("/.well-known/smart-configuration")).Body!["token_endpoint"]!.GetValue<string>();

    private static void Refused((HttpStatusCode Status, JsonNode? Body) answer) =>
        Assert.Equal((HttpStatusCode.Unauthorized, "invalid_client"), (answer.Status, answer.Body!["error"]!.GetValue<string>()));
}
