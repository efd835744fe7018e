using System.Net;
using HealthMLOps.Tests.EndToEnd.Charts;
using HealthMLOps.Tests.EndToEnd.Processes;

namespace HealthMLOps.Tests.EndToEnd.Surface;

public sealed class AuthorisationTests(SharedSilo shared)
{
    private static readonly string[] Public = ["/health/live", "/health/ready", "/metrics", "/fhir/metadata", "/openapi/v1.json", "/.well-known/jwks.json", "/.well-known/smart-configuration", "/fhir/.well-known/smart-configuration"];

    /// <summary>Public too, and refuses in its own words (RFC 6749).</summary>
    private const string TokenEndpoint = "/oauth/token";

    [Fact]
    public async Task Every_route_but_the_public_ones_refuses_a_stranger()
    {
        var routes = await Routes();
        Assert.True(routes.Count > 30);
        var open = new List<string>();
        foreach (var (method, path) in routes)
        {
            var answer = await shared.Stranger.Send(method, Filled(path), method == HttpMethod.Get || method == HttpMethod.Head ? null : "{}");
            if (answer.Status != HttpStatusCode.Unauthorized) open.Add(path);
        }
        Assert.Equal(Public.Append(TokenEndpoint).Except(["/metrics", "/openapi/v1.json"]).Order(StringComparer.Ordinal), open.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_wrong_credential_opens_nothing_more_than_none()
    {
        var guesser = new Caller(shared.Silo, "hmo_guess");
        foreach (var (method, path) in await Routes())
            if (!Public.Contains(path) && path != TokenEndpoint)
                Assert.Equal(HttpStatusCode.Unauthorized, (await guesser.Send(method, Filled(path), null)).Status);
    }

    [Fact]
    public async Task Public_routes_answer_a_stranger()
    {
        foreach (var path in Public) Assert.Equal(HttpStatusCode.OK, (await shared.Stranger.Get(path)).Status);
    }

    [Fact]
    public async Task Authorisation_comes_before_existence_media_type_and_body()
    {
        Assert.Equal(HttpStatusCode.Unauthorized, (await shared.Stranger.Get("/api/v1/patients/nobody/risk")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await shared.Stranger.Post("/fhir/notify/no-such-source")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await shared.Stranger.Send(HttpMethod.Post, "/fhir", "<xml/>", "application/xml")).Status);
        Assert.Equal(HttpStatusCode.Unauthorized, (await shared.Stranger.Send(HttpMethod.Put, "/fhir/Observation/a", new string('x', 5 << 20))).Status);
    }

    [Fact]
    public async Task A_senders_secret_opens_its_own_address_and_no_other_route()
    {
        var sender = shared.Sender(Site.FirstSource);
        Assert.Equal(HttpStatusCode.OK, (await sender.Post("/fhir/notify/" + Site.FirstSource)).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await sender.Post("/fhir/notify/" + Site.SecondSource)).Status);
        Assert.Equal(HttpStatusCode.OK, (await shared.Sender(Site.SecondSource).Post("/fhir/notify/" + Site.SecondSource)).Status);
        foreach (var (method, path) in await Routes())
        {
            if (Public.Contains(path) || path == TokenEndpoint || path.StartsWith("/fhir/notify/", StringComparison.Ordinal)) continue;
            Assert.Equal(HttpStatusCode.Forbidden, (await sender.Send(method, Filled(path), null)).Status);
        }
    }

    [Fact]
    public async Task An_error_under_fhir_is_an_OperationOutcome_and_elsewhere_a_problem_document()
    {
        var fhir = await shared.Stranger.Get("/fhir/RiskAssessment?subject=Patient/a");
        var native = await shared.Stranger.Get("/api/v1/patients/a/risk");
        Assert.Equal(("application/fhir+json", "OperationOutcome"), (fhir.MediaType, fhir.Json["resourceType"]!.GetValue<string>()));
        Assert.Equal(("application/problem+json", 401), (native.MediaType, native.Json["status"]!.GetValue<int>()));
    }

    private async Task<List<(HttpMethod Method, string Path)>> Routes() =>
        [.. from path in (await shared.Stranger.Read("/openapi/v1.json"))["paths"]!.AsObject()
            from method in path.Value!.AsObject()
            where method.Key != "parameters"
            select (new HttpMethod(method.Key.ToUpperInvariant()), path.Key)];

    private static string Filled(string path) => path
        .Replace("{source}", Site.FirstSource, StringComparison.Ordinal).Replace("{type}", "Observation", StringComparison.Ordinal)
        .Replace("{file}", "0", StringComparison.Ordinal).Replace("{chunk}", "0", StringComparison.Ordinal)
        .Replace(path.Contains("/quarantine/", StringComparison.Ordinal) ? "{id}" : "{no-id}", "1", StringComparison.Ordinal)
        .Replace("{id}", A.NewId("any"), StringComparison.Ordinal).Replace("{name}", "deterioration", StringComparison.Ordinal)
        .Replace("{digest}", new string('a', 64), StringComparison.Ordinal);
}
