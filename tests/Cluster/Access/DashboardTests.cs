using System.Net;
using System.Net.Http.Headers;
using System.Text;
using HealthMLOps.Hosting;
using HealthMLOps.Storage;
using HealthMLOps.Tests.Cluster.Patients;
using HealthMLOps.Tests.Cluster.Storage;

namespace HealthMLOps.Tests.Cluster.Access;

/// <summary>Orleans' dashboard: for those who operate silos, and without patients.</summary>
public sealed class DashboardTests(Stores stores)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Operators_security_and_owner_see_the_dashboard_and_nobody_sees_a_grains_state_or_the_logs()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        await ward.Take(Chart.HeartRate("o1", "p1", 70));
        var clinician = await Door.Person(ward, "p-bedside", ["bedside-clinician"]);
        Assert.Equal(HttpStatusCode.Forbidden, (await clinician.Get("/ops/orleans/DashboardCounters")).Status);
        foreach (var door in (Door[])[Door.Owner(ward), await Door.Person(ward, "p-operator", ["operator"]), await Door.Person(ward, "p-security", ["it-security"])])
        {
            Assert.Equal(HttpStatusCode.OK, (await door.Get("/ops/orleans/DashboardCounters")).Status);
            foreach (var hidden in (string[])["GrainState", "grainstate", "GrainState?grainId=1&grainType=PatientGrain", "%47rainState", "Trace", "nothing", "SiloStats/nowhere", "HistoricalStats/nowhere"])
                Assert.Equal(HttpStatusCode.NotFound, (await door.Get("/ops/orleans/" + hidden)).Status);
        }
    }

    [Fact]
    public async Task A_browser_gets_in_with_the_credential_as_password_and_only_here()
    {
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite));
        var secret = await Door.Secret(ward, "p-operator", ["operator"]);
        using var stranger = await Ask(ward, "/ops/orleans/", null);
        Assert.Equal((HttpStatusCode.Unauthorized, "Basic"), (stranger.StatusCode, Assert.Single(stranger.Headers.WwwAuthenticate).Scheme));

        using var page = await Ask(ward, "/ops/orleans/", ":" + secret);
        Assert.Equal((HttpStatusCode.OK, OrleansDashboard.ContentPolicy), (page.StatusCode, string.Join(' ', page.Headers.NonValidated["Content-Security-Policy"])));
        Assert.Contains("Orleans Dashboard", await page.Content.ReadAsStringAsync(Stop), StringComparison.Ordinal);
        using var wrong = await Ask(ward, "/ops/orleans/", "p-operator:guess");
        using var noColon = await Ask(ward, "/ops/orleans/", secret);
        using var elsewhere = await Ask(ward, "/api/v1/status", ":" + secret);
        Assert.All([wrong, noColon, elsewhere], answer => Assert.Equal(HttpStatusCode.Unauthorized, answer.StatusCode));
        Assert.Equal("Bearer", Assert.Single(elsewhere.Headers.WwwAuthenticate).Scheme);
    }

    private static async Task<HttpResponseMessage> Ask(Ward ward, string path, string? userAndPassword)
    {
        using var browser = new HttpClient { BaseAddress = ward.Http.BaseAddress };
        if (userAndPassword is not null) browser.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(userAndPassword)));
        return await browser.GetAsync(new Uri(path, UriKind.Relative), Stop);
    }
}
