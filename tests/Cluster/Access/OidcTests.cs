using System.Net;
using System.Security.Cryptography;
using System.Text.Json.Nodes;
using HealthMLOps.Access;
using HealthMLOps.Egress;
using HealthMLOps.Hosting;
using HealthMLOps.Storage;
using HealthMLOps.Tests.Cluster.Patients;
using HealthMLOps.Tests.Cluster.Storage;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Microsoft.IdentityModel.Tokens;

namespace HealthMLOps.Tests.Cluster.Access;

/// <summary>People whom an OpenID provider vouches for, with a real provider on loopback.</summary>
public sealed class OidcTests(Stores stores)
{
    private const string Rs256 = SecurityAlgorithms.RsaSha256;
    private const string Es256 = SecurityAlgorithms.EcdsaSha256;

    [Fact]
    public async Task A_persons_token_opens_what_the_roles_of_its_claim_allow_and_no_more()
    {
        await using var issuer = await AnIssuer.Open();
        await using var ward = await Open(issuer);
        foreach (var token in new[] { issuer.Token("rsa", Rs256), issuer.Token("p256", Es256), issuer.Token("p384", SecurityAlgorithms.EcdsaSha384) })
        {
            var (status, me) = await new Door(ward, token).Get("/api/v1/me");
            Assert.True(status == HttpStatusCode.OK, me?.ToJsonString());
            Assert.Equal(("8d1f|anna@" + issuer.Address, "Anna Berg"), (Word(me, "person"), Word(me, "name")));
            Assert.Equal(["clinician-reviewer"], me!["roles"]!.AsArray().Select(r => r!.GetValue<string>()));
        }
        var operators = issuer.Token("rsa", Rs256, claims => claims["groups"] = "operations");
        Assert.Equal(HttpStatusCode.OK, (await new Door(ward, operators).Get("/api/v1/quarantine")).Status);
        Assert.Equal(HttpStatusCode.Forbidden, (await new Door(ward, issuer.Token("rsa", Rs256)).Get("/api/v1/quarantine")).Status);
        var nobody = issuer.Token("rsa", Rs256, claims => claims["groups"] = new[] { "everybody", "clinician-reviewer", "owner" });
        Assert.Equal(HttpStatusCode.Forbidden, (await new Door(ward, nobody).Get("/api/v1/me")).Status);
        Assert.Equal(["/.well-known/openid-configuration", "/keys"], issuer.Asked);
    }

    [Fact]
    public async Task A_token_that_is_not_exactly_right_opens_nothing()
    {
        await using var issuer = await AnIssuer.Open();
        await using var stranger = await AnIssuer.Open();
        await using var ward = await Open(issuer);
        var good = issuer.Token("rsa", Rs256);
        var parts = good.Split('.');
        var tokens = new Dictionary<string, string>
        {
            ["another issuer"] = issuer.Token("rsa", Rs256, c => c["iss"] = "https://elsewhere.example"),
            ["another audience"] = issuer.Token("rsa", Rs256, c => c["aud"] = "billing"),
            ["no audience"] = issuer.Token("rsa", Rs256, c => c["aud"] = null),
            ["expired"] = issuer.Token("rsa", Rs256, c => c["exp"] = AnIssuer.Seconds(TimeSpan.FromMinutes(-2))),
            ["for ever"] = issuer.Token("rsa", Rs256, c => c["exp"] = null),
            ["not yet"] = issuer.Token("rsa", Rs256, c => c["nbf"] = AnIssuer.Seconds(TimeSpan.FromMinutes(3))),
            ["unsigned"] = issuer.Unsigned(),
            ["a public key as a secret"] = issuer.Confused(),
            ["unknown kid"] = issuer.Token("rsa", Rs256, namedKid: "other"),
            ["another key under a known kid"] = stranger.Token("rsa", Rs256, c => c["iss"] = issuer.Address),
            ["kid of a key of another kind"] = issuer.Token("rsa", Rs256, namedKid: "p256"),
            ["algorithm"] = issuer.Token("rsa", SecurityAlgorithms.RsaSsaPssSha256),
            ["changed"] = $"{parts[0]}.{Base64UrlEncoder.Encode(Base64UrlEncoder.Decode(parts[1]).Replace("ward-leads", "operations", StringComparison.Ordinal))}.{parts[2]}",
            ["nobody"] = issuer.Token("rsa", Rs256, c => c["sub"] = null),
            ["our owner"] = issuer.Token("rsa", Rs256, c => c["sub"] = "owner"),
            ["a program of ours"] = issuer.Token("rsa", Rs256, c => c["sub"] = "client:ward-app"),
            ["a name that no record takes"] = issuer.Token("rsa", Rs256, c => c["name"] = "Anna\u0007"),
            ["an id that no record takes"] = issuer.Token("rsa", Rs256, c => c["sub"] = new string('a', 101)),
        };
        foreach (var (what, token) in tokens)
            Assert.True((await new Door(ward, token).Get("/api/v1/me")).Status == HttpStatusCode.Unauthorized, what);
        Assert.Equal(HttpStatusCode.OK, (await new Door(ward, good).Get("/api/v1/me")).Status);
        Assert.Empty(stranger.Asked);
    }

    [Fact]
    public async Task A_new_key_of_the_provider_is_fetched_and_one_that_it_withdrew_is_forgotten()
    {
        await using var issuer = await AnIssuer.Open();
        var clock = new FakeTimeProvider(Ward.Noon);
        await using var ward = await Open(issuer, clock: clock);
        async Task<HttpStatusCode> Knock(string kid) => (await new Door(ward, issuer.Token(kid, Rs256)).Get("/api/v1/me")).Status;
        Assert.Equal(HttpStatusCode.OK, await Knock("rsa"));
        issuer.Publish("next", RSA.Create(2048));
        issuer.Withdraw("rsa");
        Assert.Equal(HttpStatusCode.Unauthorized, await Knock("next")); // Who makes kids up can't make us ask the provider for each.
        Assert.Equal(2, issuer.Asked.Count);

        clock.Advance(ForeignKeys.Pause);

        Assert.Equal(HttpStatusCode.OK, await Knock("next"));
        Assert.Equal(HttpStatusCode.Unauthorized, await Knock("rsa"));
        Assert.Equal(3, issuer.Asked.Count);
    }

    [Fact]
    public async Task A_provider_that_is_unlisted_silent_or_another_than_configured_is_not_believed()
    {
        await using var issuer = await AnIssuer.Open();
        await using (var ward = await Open(issuer, isListed: false))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, (await new Door(ward, issuer.Token("rsa", Rs256)).Get("/api/v1/me")).Status);
            Assert.Empty(issuer.Asked);
            Assert.NotEmpty((await Door.Owner(ward).Get("/api/v1/audit/entries?action=egress.refused")).Body!["items"]!.AsArray());
        }
        issuer.Claimed = "https://elsewhere.example";
        await using (var ward = await Open(issuer))
            Assert.Equal(HttpStatusCode.Unauthorized, (await new Door(ward, issuer.Token("rsa", Rs256)).Get("/api/v1/me")).Status);
        await using var gone = await AnIssuer.Open();
        await using var last = await Open(gone);
        var token = gone.Token("rsa", Rs256);
        await gone.DisposeAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, (await new Door(last, token).Get("/api/v1/me")).Status);
    }

    [Fact]
    public async Task A_person_who_was_shut_out_here_stays_out_whoever_vouches_for_them()
    {
        await using var issuer = await AnIssuer.Open();
        await using var ward = await Open(issuer, linksPeople: true);
        Door.Knows(ward, AnOperator(issuer));
        await Door.Person(ward, "p-anna", ["auditor"]);
        var token = issuer.Token("rsa", Rs256, c => c["sub"] = "p-anna");
        Assert.Equal(HttpStatusCode.OK, (await new Door(ward, token).Get("/api/v1/me")).Status);
        await Door.Owner(ward).Post("/api/v1/users/p-anna/disable", new { });
        Assert.Equal(HttpStatusCode.Unauthorized, (await new Door(ward, token).Get("/api/v1/me")).Status);
    }

    [Theory, InlineData(false), InlineData(true)]
    public async Task An_issuers_person_is_one_of_ours_only_where_the_issuer_links_people(bool linksPeople)
    {
        await using var issuer = await AnIssuer.Open();
        await using var ward = await Open(issuer, linksPeople: linksPeople);
        Door.Knows(ward, AnOperator(issuer));
        await Door.Person(ward, "p-anna", ["auditor"]);
        var door = new Door(ward, issuer.Token("rsa", Rs256, c => c["sub"] = "p-anna"));
        Assert.Equal(linksPeople ? "p-anna" : "p-anna@" + issuer.Address, Word((await door.Get("/api/v1/me")).Body, "person"));
        await Door.Owner(ward).Post("/api/v1/users/p-anna/disable", new { });
        Assert.Equal(linksPeople ? HttpStatusCode.Unauthorized : HttpStatusCode.OK, (await door.Get("/api/v1/me")).Status);
    }

    [Fact]
    public async Task Resource_scopes_of_a_token_limit_the_person_and_other_scopes_do_not()
    {
        await using var issuer = await AnIssuer.Open();
        await using var ward = await Open(issuer);
        async Task<HttpStatusCode> Search(string? scope) =>
            (await new Door(ward, issuer.Token("rsa", Rs256, c => c["scope"] = scope)).Get("/fhir/RiskAssessment?subject=Patient/p1")).Status;
        foreach (var enough in new[] { null, "openid profile", "openid user/RiskAssessment.rs", "user/*.rs" }) Assert.NotEqual(HttpStatusCode.Forbidden, await Search(enough));
        foreach (var less in new[] { "user/Observation.rs", "openid patient/Observation.rs", "user/unreadable" }) Assert.Equal(HttpStatusCode.Forbidden, await Search(less));
        var scoped = new Door(ward, issuer.Token("rsa", Rs256, c => (c["groups"], c["scope"]) = ("operations", "user/*.cruds")));
        Assert.Equal(HttpStatusCode.Forbidden, (await scoped.Get("/api/v1/quarantine")).Status);
    }

    /// <summary>21 CFR 11.200: the session's token says who asks; a token of a login that is minutes old says that they sign now.</summary>
    [Fact]
    public async Task A_signature_wants_a_token_of_a_fresh_login_of_the_same_person()
    {
        await using var issuer = await AnIssuer.Open();
        await using var ward = await Open(issuer, signingMinutes: 2);
        string LoggedIn(double minutesAgo, string person = "8d1f|anna") => issuer.Token("rsa", Rs256, c =>
        {
            c["sub"] = person;
            c["auth_time"] = AnIssuer.Seconds(-TimeSpan.FromMinutes(minutesAgo));
        });
        var session = LoggedIn(60);
        Door.Knows(ward, AnOperator(issuer));
        var secret = await Door.Secret(ward, "p-bea", ["clinician-reviewer"]);
        async Task<(HttpStatusCode Status, JsonNode? Body)> Sign(string credential) => await new Door(ward, session).Post("/api/v1/signatures",
            new { meaning = "approve", subject = "sepsis@3", digest = new string('a', 64), credential });

        foreach (var credential in new[]
        {
            session, LoggedIn(2.1), LoggedIn(-5), LoggedIn(0, "8d1f|bea"), issuer.Token("rsa", Rs256), LoggedIn(0)[..^6] + "AAAAAA", secret, "",
            issuer.Token("rsa", Rs256, c => { c["auth_time"] = AnIssuer.Seconds(default); c["exp"] = AnIssuer.Seconds(TimeSpan.FromMinutes(-2)); }),
        }) Assert.Equal(HttpStatusCode.Forbidden, (await Sign(credential)).Status);
        var (status, signature) = await Sign(LoggedIn(1));

        Assert.True(status == HttpStatusCode.Created, signature?.ToJsonString());
        Assert.Equal(("8d1f|anna@" + issuer.Address, "Anna Berg", "clinician-reviewer"), (Word(signature, "person"), Word(signature, "printedName"), Word(signature, "role")));
        var attempts = (await Door.Owner(ward).Get("/api/v1/audit/entries?action=signature.sign")).Body!["items"]!.AsArray();
        Assert.Equal(9, attempts.Count(a => Word(a, "outcome") == "reauthentication-failed"));
        Assert.Equal("oidc:8d1f|anna@" + issuer.Address, Word(attempts.Single(a => Word(a, "outcome") == "ok"), "account"));
    }

    private async Task<Ward> Open(AnIssuer issuer, bool isListed = true, FakeTimeProvider? clock = null, int? signingMinutes = null, bool linksPeople = false)
    {
        var folder = APolicy.With("access.json", access =>
        {
            var trusted = new JsonObject
            {
                ["issuer"] = issuer.Address, ["audience"] = AnIssuer.Audience, ["authority"] = issuer.Address, ["roleClaim"] = "groups",
                ["roles"] = new JsonObject { ["ward-leads"] = "clinician-reviewer", ["operations"] = "operator" },
            };
            if (signingMinutes is { } minutes) trusted["signingMaxAgeMinutes"] = minutes;
            if (linksPeople) trusted["linksPeople"] = true;
            access["issuers"] = new JsonArray(trusted);
        });
        if (isListed) APolicy.List(folder, "identity-provider", "identity", issuer.Address);
        return await Ward.Open(await stores.Empty(StorageProvider.Sqlite), configFolder: folder, replace: clock is null ? null : services => services.AddSingleton(
            parts => new ForeignKeys(parts.GetRequiredService<EgressGate>(), parts.GetRequiredService<PolicyFolder>(), clock)));
    }

    /// <summary>Confirms what the owner asks, who is not alone where an issuer vouches for operators.</summary>
    private static string AnOperator(AnIssuer issuer) => issuer.Token("rsa", Rs256, c => (c["sub"], c["groups"]) = ("8d1f|otto", "operations"));

    private static string Word(JsonNode? node, string field) => node![field]!.GetValue<string>();
}
