using System.Security.Cryptography;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace HealthMLOps.Tests.Cluster.Access;

/// <summary>Somebody else's identity server on loopback: metadata, keys, and tokens that it or an impostor signs.</summary>
internal sealed class AnIssuer : IAsyncDisposable
{
    public const string Audience = "healthml";

    private readonly WebApplication _server;
    private readonly Dictionary<string, AsymmetricAlgorithm> _keys = [];
    private readonly List<string> _published = [];
    private readonly List<string> _asked = [];

    private AnIssuer(WebApplication server) => _server = server;

    public string Address => _server.Urls.First();

    /// <summary>What its metadata say that it is; its address unless changed.</summary>
    public string? Claimed { get; set; }

    /// <summary>Paths that were asked for, in order.</summary>
    public IReadOnlyList<string> Asked { get { lock (_asked) return [.. _asked]; } }

    public static async Task<AnIssuer> Open()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var issuer = new AnIssuer(builder.Build());
        issuer._server.Run(issuer.Answer);
        await issuer._server.StartAsync(TestContext.Current.CancellationToken);
        foreach (var (kid, key) in new (string, AsymmetricAlgorithm)[]
        {
            ("rsa", RSA.Create(2048)), ("p256", ECDsa.Create(ECCurve.NamedCurves.nistP256)), ("p384", ECDsa.Create(ECCurve.NamedCurves.nistP384)),
        }) issuer.Publish(kid, key);
        return issuer;
    }

    /// <summary>Adds a key, and tells it to whoever asks.</summary>
    public void Publish(string kid, AsymmetricAlgorithm key)
    {
        _keys[kid] = key;
        lock (_published) _published.Add(kid);
    }

    /// <summary>Tells the key to nobody any more; it can still sign.</summary>
    public void Withdraw(string kid)
    {
        lock (_published) _published.Remove(kid);
    }

    /// <summary>A token of it for us, as <paramref name="change"/> leaves it; a claim set to null is left out.</summary>
    public string Token(string kid, string algorithm, Action<Dictionary<string, object?>>? change = null, string? namedKid = null, string? jku = null)
    {
        SecurityKey key = _keys[kid] is RSA rsa ? new RsaSecurityKey(rsa) : new ECDsaSecurityKey((ECDsa)_keys[kid]);
        key.KeyId = namedKid ?? kid;
        return Signed(new SigningCredentials(key, algorithm), change, jku);
    }

    /// <summary>Signed with the public key taken as a shared secret.</summary>
    public string Confused() => Signed(new SigningCredentials(
        new SymmetricSecurityKey(((RSA)_keys["rsa"]).ExportSubjectPublicKeyInfo()) { KeyId = "rsa" }, SecurityAlgorithms.HmacSha256), null, null);

    public string Unsigned() => Base64UrlEncoder.Encode("""{"alg":"none","typ":"JWT","kid":"rsa"}""") + "." + Token("rsa", SecurityAlgorithms.RsaSha256).Split('.')[1] + ".";

    public static long Seconds(TimeSpan fromNow) => (DateTimeOffset.UtcNow + fromNow).ToUnixTimeSeconds();

    public async ValueTask DisposeAsync()
    {
        await _server.DisposeAsync();
        foreach (var key in _keys.Values) key.Dispose();
    }

    private string Signed(SigningCredentials signing, Action<Dictionary<string, object?>>? change, string? jku)
    {
        var claims = new Dictionary<string, object?>
        {
            ["iss"] = Address, ["aud"] = Audience, ["sub"] = "8d1f|anna", ["name"] = "Anna Berg", ["groups"] = new[] { "everybody", "ward-leads" },
            ["iat"] = Seconds(default), ["exp"] = Seconds(TimeSpan.FromMinutes(5)), ["jti"] = Guid.NewGuid().ToString(),
        };
        change?.Invoke(claims);
        var body = new JsonObject(claims.Where(c => c.Value is not null).Select(c => KeyValuePair.Create(c.Key, System.Text.Json.JsonSerializer.SerializeToNode(c.Value))));
        return new JsonWebTokenHandler().CreateToken(body.ToJsonString(), signing, jku is null ? [] : new Dictionary<string, object> { ["jku"] = jku });
    }

    private Task Answer(HttpContext http)
    {
        lock (_asked) _asked.Add(http.Request.Path);
        return http.Request.Path.Value switch
        {
            "/.well-known/openid-configuration" => http.Response.WriteAsJsonAsync(new { issuer = Claimed ?? Address, jwks_uri = Address + "/keys" }),
            "/keys" => http.Response.WriteAsync(Jwks().ToJsonString()),
            _ => NotFound(http),
        };
    }

    private static Task NotFound(HttpContext http)
    {
        http.Response.StatusCode = StatusCodes.Status404NotFound;
        return Task.CompletedTask;
    }

    private JsonObject Jwks()
    {
        lock (_published) return new JsonObject { ["keys"] = new JsonArray([.. _published.Select(kid => (JsonNode)Jwk(kid, _keys[kid]))]) };
    }

    private static JsonObject Jwk(string kid, AsymmetricAlgorithm key)
    {
        if (key is RSA rsa)
        {
            var open = rsa.ExportParameters(false);
            return new JsonObject { ["kty"] = "RSA", ["kid"] = kid, ["n"] = Base64UrlEncoder.Encode(open.Modulus), ["e"] = Base64UrlEncoder.Encode(open.Exponent) };
        }
        var point = ((ECDsa)key).ExportParameters(false).Q;
        return new JsonObject
        {
            ["kty"] = "EC", ["kid"] = kid, ["crv"] = key.KeySize == 256 ? "P-256" : "P-384", ["x"] = Base64UrlEncoder.Encode(point.X), ["y"] = Base64UrlEncoder.Encode(point.Y),
        };
    }
}
