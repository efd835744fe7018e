using System.Net;
using System.Text.Json.Nodes;
using HealthMLOps.Storage;
using HealthMLOps.Tests.Cluster.Patients;
using HealthMLOps.Tests.Cluster.Storage;
using Microsoft.IdentityModel.Tokens;

namespace HealthMLOps.Tests.Cluster.Access;

/// <summary>The JWT that an EHR puts before each of its CDS Hooks calls. No service answers there yet: who is believed is refused as known (403), who is not as a stranger (401).</summary>
public sealed class CdsTokenTests(Stores stores)
{
    private const string Ehr = "https://ehr.example/fhir";
    private const string Service = "/cds-services/risk";
    private const string Es384 = SecurityAlgorithms.EcdsaSha384;

    public static TheoryData<StorageProvider> Both => Stores.Both;

    [Theory, MemberData(nameof(Both))]
    public async Task An_ehrs_token_is_believed_once_and_for_the_address_that_it_names(StorageProvider provider)
    {
        await using var issuer = await AnIssuer.Open();
        await using var ward = await Open(issuer, provider);
        var token = Token(issuer, ward);

        Assert.Equal(HttpStatusCode.Forbidden, await Knock(ward, token));
        Assert.Equal(HttpStatusCode.Unauthorized, await Knock(ward, token)); // The same jti again.
        Assert.Equal(HttpStatusCode.Forbidden, await Knock(ward, Token(issuer, ward, kid: "rsa", algorithm: SecurityAlgorithms.RsaSha384)));
        Assert.Equal(HttpStatusCode.Forbidden, await Knock(ward, Token(issuer, ward, jku: issuer.Address + "/keys")));
        Assert.Equal(HttpStatusCode.Forbidden, await Knock(ward, Token(issuer, ward, c => c["aud"] = new[] { "https://other.example", Root(ward) + Service })));
        Assert.Equal(HttpStatusCode.Forbidden, await Knock(ward, Token(issuer, ward, c => c["aud"] = Root(ward) + "/cds-services"), "/cds-services"));
        var entries = (await Door.Owner(ward).Get("/api/v1/audit/entries?action=access.denied&person=" + Uri.EscapeDataString("client:" + Ehr))).Body!["items"]!.AsArray();
        Assert.All(entries, e => Assert.Equal(("cds:" + Ehr, "clinical-app"), (e!["account"]!.GetValue<string>(), e["role"]!.GetValue<string>())));
        Assert.Equal(5, entries.Count);
    }

    [Fact]
    public async Task A_token_that_is_not_exactly_right_is_nobodys()
    {
        await using var issuer = await AnIssuer.Open();
        await using var stranger = await AnIssuer.Open();
        await using var ward = await Open(issuer, StorageProvider.Sqlite);
        var tokens = new Dictionary<string, string>
        {
            ["another issuer"] = Token(issuer, ward, c => c["iss"] = "https://other.example"),
            ["another service's address"] = Token(issuer, ward, c => c["aud"] = Root(ward) + "/cds-services/other"),
            ["the root's address"] = Token(issuer, ward, c => c["aud"] = Root(ward)),
            ["expired"] = Token(issuer, ward, c => c["exp"] = AnIssuer.Seconds(TimeSpan.FromMinutes(-2))),
            ["a life of an hour"] = Token(issuer, ward, c => c["exp"] = AnIssuer.Seconds(TimeSpan.FromHours(1))),
            ["no end"] = Token(issuer, ward, c => c["exp"] = null),
            ["no jti"] = Token(issuer, ward, c => c["jti"] = null),
            ["no iat"] = Token(issuer, ward, c => c["iat"] = null),
            ["issued in the future"] = Token(issuer, ward, c => c["iat"] = AnIssuer.Seconds(TimeSpan.FromMinutes(4))),
            ["unsigned"] = Unsigned(Token(issuer, ward)),
            ["a weaker algorithm"] = Token(issuer, ward, kid: "p256", algorithm: SecurityAlgorithms.EcdsaSha256),
            ["unknown kid"] = Token(issuer, ward, namedKid: "other"),
            ["another's key"] = Token(stranger, ward),
            ["a jku that is not the configured one"] = Token(issuer, ward, jku: stranger.Address + "/keys"),
        };
        foreach (var (what, token) in tokens) Assert.True(await Knock(ward, token) == HttpStatusCode.Unauthorized, what);
        Assert.Equal(HttpStatusCode.Unauthorized, await Knock(ward, Token(issuer, ward, c => c["aud"] = Root(ward) + "/api/v1/status"), "/api/v1/status"));
        Assert.Equal(HttpStatusCode.Forbidden, await Knock(ward, Token(issuer, ward)));
        Assert.Empty(stranger.Asked);
        Assert.All(issuer.Asked, path => Assert.Equal("/keys", path));
    }

    private static string Token(AnIssuer issuer, Ward ward, Action<Dictionary<string, object?>>? change = null, string kid = "p384", string algorithm = Es384, string? namedKid = null, string? jku = null) =>
        issuer.Token(kid, algorithm, claims =>
        {
            (claims["iss"], claims["aud"]) = (Ehr, Root(ward) + Service);
            change?.Invoke(claims);
        }, namedKid, jku);

    private static string Unsigned(string token) => Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT","kid":"p384"}""") + "." + token.Split('.')[1] + ".";

    private static string Root(Ward ward) => ward.Http.BaseAddress!.AbsoluteUri.TrimEnd('/');

    private static async Task<HttpStatusCode> Knock(Ward ward, string token, string path = Service) => (await new Door(ward, token).Post(path, new { hook = "patient-view" })).Status;

    private async Task<Ward> Open(AnIssuer issuer, StorageProvider provider)
    {
        var folder = APolicy.With("access.json", access =>
            access["cdsClients"] = new JsonArray(new JsonObject { ["issuer"] = Ehr, ["jku"] = issuer.Address + "/keys", ["source"] = "general-hospital" }));
        APolicy.List(folder, "ehr-keys", "identity", issuer.Address);
        return await Ward.Open(await stores.Empty(provider), configFolder: folder);
    }
}
