using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using HealthMLOps.Tests.Cluster.Patients;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace HealthMLOps.Tests.Cluster.Access;

/// <summary>Somebody at a ward's door, with a credential or none.</summary>
internal sealed class Door(Ward ward, string? credential = null)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    /// <summary>The purpose that each request states.</summary>
    public string? Purpose { get; init; }

    public Task<(HttpStatusCode Status, JsonNode? Body)> Get(string path) => Send(HttpMethod.Get, path, null);

    public Task<(HttpStatusCode Status, JsonNode? Body)> Post(string path, object body) => Send(HttpMethod.Post, path, System.Text.Json.JsonSerializer.Serialize(body));

    public async Task<(HttpStatusCode Status, JsonNode? Body)> Send(HttpMethod method, string path, string? body, string mediaType = "application/json")
    {
        using var answer = await Raw(method, path, body is null ? null : new StringContent(body, Encoding.UTF8, mediaType));
        var text = await answer.Content.ReadAsStringAsync(Stop);
        return (answer.StatusCode, answer.Content.Headers.ContentType?.MediaType is "application/json" or "application/problem+json" or "application/fhir+json" && text.Length > 0 ? JsonNode.Parse(text) : null);
    }

    public async Task<HttpResponseMessage> Raw(HttpMethod method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        request.Headers.Authorization = credential is null ? null : new AuthenticationHeaderValue("Bearer", credential);
        if (Purpose is not null) request.Headers.Add("X-Purpose-Of-Use", Purpose);
        foreach (var (name, value) in headers) request.Headers.Add(name, value);
        return await Anonymous(ward).SendAsync(request, Stop);
    }

    public static Door Owner(Ward ward) => new(ward, File.ReadAllText(Path.Combine(ward.Options.DataFolder, "owner-credential")).Trim());

    /// <summary>A person whom the owner has just taken in.</summary>
    public static async Task<Door> Person(Ward ward, string id, string[] roles, string[]? units = null) =>
        new(ward, await Secret(ward, id, roles, units));

    public static async Task<string> Secret(Ward ward, string id, string[] roles, string[]? units = null)
    {
        var (status, body) = await Owner(ward).Post("/api/v1/users", new { id, name = "Person " + id, roles, units });
        Assert.True(status is HttpStatusCode.Created or HttpStatusCode.Accepted, body?.ToJsonString());
        var secret = status == HttpStatusCode.Accepted ? Joined(body!, await Confirmed(ward, body!)) : body!["credential"]!.GetValue<string>();
        if (roles.Any(role => role is "it-security" or "operator" or "compliance")) Seconds.GetOrCreateValue(ward).Add(secret = await Own(ward, secret));
        return secret;
    }

    /// <summary>Somebody whom we did not take in, and who may be the second person all the same.</summary>
    public static void Knows(Ward ward, string second) => Seconds.GetOrCreateValue(ward).Add(second);

    /// <summary>A second person says yes: the first of those taken in who may.</summary>
    public static async Task<JsonNode> Confirmed(Ward ward, JsonNode asked)
    {
        foreach (var second in Seconds.GetOrCreateValue(ward))
            if (await new Door(ward, second).Post($"/api/v1/requests/{asked["request"]!.GetValue<string>()}/confirm", new { digest = asked["digest"]!.GetValue<string>() }) is (HttpStatusCode.OK, { } confirmed)) return confirmed;
        throw new InvalidOperationException("Nobody could confirm: " + asked.ToJsonString());
    }

    /// <summary>The credential of a person whom two took in, each of whom was told one half.</summary>
    public static string Joined(JsonNode asked, JsonNode confirmed) => $"{asked["firstHalf"]!.GetValue<string>()}~{confirmed["secondHalf"]!.GetValue<string>()}";

    /// <summary>A person who was told a credential makes one that nobody else knows.</summary>
    private static async Task<string> Own(Ward ward, string told) =>
        (await new Door(ward, told).Post("/api/v1/me/credential", new { })).Body!["credential"]!.GetValue<string>();

    private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<Ward, List<string>> Seconds = [];

    private static HttpClient Anonymous(Ward ward) => Clients.GetValue(ward, w => new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = w.Http.BaseAddress });

    private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<Ward, HttpClient> Clients = [];
}

/// <summary>A program with a key of its own, as it comes to the token endpoint.</summary>
internal sealed class AProgram : IDisposable
{
    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP384);
    private readonly RSA _rsa = RSA.Create(2048);

    public string Id { get; init; } = "ward-app";

    public void Dispose()
    {
        _key.Dispose();
        _rsa.Dispose();
    }

    public JsonObject Jwks() => new() { ["keys"] = new JsonArray(Jwk(), JsonNode.Parse($$"""{"kty":"RSA","kid":"rsa","n":"{{Base64UrlEncoder.Encode(_rsa.ExportParameters(false).Modulus)}}","e":"AQAB"}""")) };

    public async Task Register(Ward ward, params string[] scopes)
    {
        var (status, body) = await Door.Owner(ward).Post("/api/v1/clients", new { id = Id, name = "Ward app", roles = new[] { "clinical-app" }, scopes, jwks = Jwks() });
        Assert.True(status is HttpStatusCode.Created or HttpStatusCode.Accepted, body?.ToJsonString());
        if (status == HttpStatusCode.Accepted) await Door.Confirmed(ward, body!);
    }

    public string Assertion(string audience, string algorithm = SecurityAlgorithms.EcdsaSha384, string? jti = null, TimeSpan? life = null, string? issuer = null, string? kid = null)
    {
        SecurityKey key = algorithm[0] is 'R' or 'P' ? new RsaSecurityKey(_rsa) { KeyId = kid ?? "rsa" } : new ECDsaSecurityKey(_key) { KeyId = kid ?? "ec" };
        return Token(new SigningCredentials(key, algorithm), audience, jti ?? Guid.NewGuid().ToString(), life ?? TimeSpan.FromMinutes(4), issuer ?? Id);
    }

    /// <summary>Signed with the public key taken as a shared secret: the old trick with algorithms.</summary>
    public string AssertionByConfusion(string audience) =>
        Token(new SigningCredentials(new SymmetricSecurityKey(_rsa.ExportSubjectPublicKeyInfo()) { KeyId = "rsa" }, SecurityAlgorithms.HmacSha384), audience, "x", TimeSpan.FromMinutes(1), Id);

    public string AssertionUnsigned(string audience)
    {
        var parts = Assertion(audience).Split('.');
        return Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT"}""") + "." + parts[1] + ".";
    }

    public static async Task<(HttpStatusCode Status, JsonNode? Body)> Ask(Ward ward, string assertion, string scope)
    {
        using var answer = await new Door(ward).Raw(HttpMethod.Post, "/oauth/token", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials", ["scope"] = scope, ["client_assertion"] = assertion,
            ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        }));
        return (answer.StatusCode, JsonNode.Parse(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)));
    }

    private static string Token(SigningCredentials signing, string audience, string jti, TimeSpan life, string issuer) =>
        new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            SigningCredentials = signing, Expires = DateTime.UtcNow + life, TokenType = "JWT",
            Claims = new Dictionary<string, object> { ["iss"] = issuer, ["sub"] = issuer, ["aud"] = audience, ["jti"] = jti },
        });

    private JsonNode Jwk()
    {
        var point = _key.ExportParameters(false).Q;
        return JsonNode.Parse($$"""{"kty":"EC","crv":"P-384","kid":"ec","x":"{{Base64UrlEncoder.Encode(point.X)}}","y":"{{Base64UrlEncoder.Encode(point.Y)}}"}""")!;
    }
}
