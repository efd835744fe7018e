using System.Net;
using System.Text.Json.Nodes;
using HealthMLOps.Clinical;
using HealthMLOps.Egress;
using HealthMLOps.Storage;
using HealthMLOps.Tests.Cluster.Access;
using HealthMLOps.Tests.Cluster.Patients;
using HealthMLOps.Tests.Cluster.Storage;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;

namespace HealthMLOps.Tests.Cluster.Egress;

/// <summary>Nothing leaves but to a listed destination, with no more than its class of data, under a live agreement.</summary>
public sealed class EgressTests(Stores stores)
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_listed_destination_is_called_and_others_are_refused_on_the_record()
    {
        await using var outside = await Outside.Open();
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite), configFolder: Register(Listed("tracker", "tracker", outside.Address + "/listed", "operational")));
        var gate = ward.Get<EgressGate>();

        using (var answer = await gate.Send(Request(outside.Address + "/listed/run"), DestinationKind.Tracker, DataClass.Operational, Stop))
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal("unlisted", (await Refused(gate, outside.Address + "/elsewhere", DestinationKind.Tracker, DataClass.None)).Why);
        Assert.Equal("unlisted", (await Refused(gate, outside.Address + "/listedtoo", DestinationKind.Tracker, DataClass.None)).Why);
        Assert.Equal("unlisted", (await Refused(gate, outside.Address + "/listed/run", DestinationKind.Webhook, DataClass.None)).Why);
        Assert.Equal("data-class", (await Refused(gate, outside.Address + "/listed/run", DestinationKind.Tracker, DataClass.Phi)).Why);
        Assert.Equal(["/listed/run"], outside.Asked);

        var (_, found) = await Door.Owner(ward).Get("/api/v1/audit/entries?action=egress.refused");
        Assert.Equal(4, found!["items"]!.AsArray().Count);
    }

    [Fact]
    public async Task A_redirect_to_elsewhere_is_not_followed()
    {
        await using var outside = await Outside.Open();
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite), configFolder: Register(Listed("tracker", "tracker", outside.Address + "/listed", "operational")));
        using var answer = await ward.Get<EgressGate>().Send(Request(outside.Address + "/listed/away"), DestinationKind.Tracker, DataClass.None, Stop);
        Assert.Equal((HttpStatusCode.Redirect, 1), (answer.StatusCode, outside.Asked.Count));
    }

    [Theory]
    [InlineData("2999-12-31", null)]
    [InlineData("2001-01-01", "agreement-expired")]
    public async Task Patient_data_leave_only_under_an_agreement_that_has_not_expired(string expires, string? refusedBecause)
    {
        await using var outside = await Outside.Open();
        var destination = Listed("ehr", "ehr", outside.Address + "/listed", "phi");
        destination["agreement"] = new JsonObject { ["reference"] = "BAA-7", ["expires"] = expires };
        await using var ward = await Ward.Open(await stores.Empty(StorageProvider.Sqlite), configFolder: Register(destination));
        var gate = ward.Get<EgressGate>();
        if (refusedBecause is null)
        {
            using var answer = await gate.Send(Request(outside.Address + "/listed/run"), DestinationKind.Ehr, DataClass.Phi, Stop);
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
        else
        {
            Assert.Equal(refusedBecause, (await Refused(gate, outside.Address + "/listed/run", DestinationKind.Ehr, DataClass.Phi)).Why);
            Assert.Empty(outside.Asked);
        }
    }

    [Fact]
    public async Task A_register_that_sends_patient_data_without_an_agreement_ends_the_start()
    {
        var options = await stores.Empty(StorageProvider.Sqlite);
        var refusal = await Assert.ThrowsAsync<InvalidConfiguration>(() => Ward.Open(options, configFolder: Register(Listed("ehr", "ehr", "https://ehr.example/fhir", "phi"))));
        Assert.Contains("'ehr'", refusal.Message, StringComparison.Ordinal);
    }

    private static async Task<EgressRefused> Refused(EgressGate gate, string address, DestinationKind kind, DataClass data) =>
        await Assert.ThrowsAsync<EgressRefused>(() => gate.Send(Request(address), kind, data, Stop));

    private static HttpRequestMessage Request(string address) => new(HttpMethod.Get, address);

    private static JsonObject Listed(string name, string kind, string address, string dataClass) =>
        new() { ["name"] = name, ["kind"] = kind, ["address"] = address, ["dataClass"] = dataClass };

    private static string Register(JsonObject destination) => APolicy.With("egress.json", register => register["destinations"] = new JsonArray(destination));

    /// <summary>A server of somebody else's, on loopback.</summary>
    private sealed class Outside(WebApplication server, List<string> asked) : IAsyncDisposable
    {
        public List<string> Asked => asked;

        public string Address => server.Urls.First();

        public static async Task<Outside> Open()
        {
            var builder = WebApplication.CreateSlimBuilder();
            builder.WebHost.UseUrls("http://127.0.0.1:0");
            var server = builder.Build();
            var asked = new List<string>();
            server.Run(http =>
            {
                lock (asked) asked.Add(http.Request.Path);
                if (http.Request.Path == "/listed/away") http.Response.Redirect("/elsewhere");
                return Task.CompletedTask;
            });
            await server.StartAsync(Stop);
            return new Outside(server, asked);
        }

        public async ValueTask DisposeAsync() => await server.DisposeAsync();
    }
}
