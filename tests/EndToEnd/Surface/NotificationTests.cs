using System.Net;
using System.Text.Json.Nodes;
using HealthMLOps.Tests.EndToEnd.Charts;
using HealthMLOps.Tests.EndToEnd.Processes;

namespace HealthMLOps.Tests.EndToEnd.Surface;

public sealed class NotificationTests(SharedSilo shared)
{
    private const string Address = "/fhir/notify/" + Site.FirstSource;

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "Golden", "notifications");

    /// <summary>Answers to <c>$status</c> and <c>$events</c>, which nobody pushes.</summary>
    private static readonly string[] Queried = ["candle-events-obs-id.json", "candle-status-obs-full.json", "r4-notification-error.json"];

    public static TheoryData<string> Pushed =>
        [.. Directory.EnumerateFiles(Folder, "*.json").Select(f => Path.GetFileName(f)!).Except(Queried).Order(StringComparer.Ordinal)];

    public static TheoryData<string> Answers => [.. Queried];

    [Theory, MemberData(nameof(Pushed))]
    public async Task A_pushed_notification_is_acknowledged_with_200_however_often_it_comes(string file)
    {
        foreach (var notification in Notifications(file))
            for (var time = 0; time < 2; time++)
            {
                var answer = await shared.Sender(Site.FirstSource).Post(Address, notification.DeepClone());
                Assert.True(answer.Status == HttpStatusCode.OK, answer.Text);
                Assert.Equal("OperationOutcome", answer.Json["resourceType"]!.GetValue<string>());
            }
    }

    [Theory, MemberData(nameof(Answers))]
    public async Task An_answer_to_a_query_is_refused_where_it_is_pushed(string file)
    {
        var answer = await shared.Sender(Site.FirstSource).Post(Address, Notifications(file)[0]);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.Status);
    }

    [Fact]
    public async Task What_a_full_notification_carries_is_in_its_patients_history()
    {
        var answer = await shared.Sender(Site.FirstSource).Post(Address, Notifications("candle-event-full-resource-observation-with-context.json")[0]);
        Assert.Equal(["accepted"], answer.Codes);
        var carried = Notifications("candle-event-full-resource-observation-with-context.json")[0]["entry"]!.AsArray()
            .Select(e => e!["resource"]).OfType<JsonObject>().Single(r => r["resourceType"]!.GetValue<string>() == "Observation");
        var patient = carried["subject"]!["reference"]!.GetValue<string>().Split('/')[^1];
        Assert.Single(await shared.Owner.History(patient), f => f["resource"]!.GetValue<string>() == $"Observation/{carried["id"]}");
    }

    [Fact]
    public async Task A_classic_hook_takes_a_resource_at_its_own_address_and_a_ping()
    {
        var (patient, pulse) = (A.NewId("p"), A.NewId("o"));
        var sender = shared.Sender(Site.FirstSource);
        Assert.Equal(HttpStatusCode.OK, (await sender.Put($"{Address}/Observation/{pulse}", A.Pulse(pulse, patient, 70, A.Morning))).Status);
        Assert.Equal(HttpStatusCode.OK, (await sender.Send(HttpMethod.Post, $"{Address}/Observation/{pulse}", "")).Status);
        Assert.Equal(HttpStatusCode.OK, (await sender.Send(HttpMethod.Post, Address, "")).Status);
        Assert.Equal(HttpStatusCode.OK, (await sender.Delete($"{Address}/Observation/{pulse}")).Status);
        Assert.Equal(["active", "deleted"], (await shared.Owner.History(patient)).Select(f => f["standing"]!.GetValue<string>()));
    }

    [Fact]
    public async Task Both_sources_may_use_one_id_for_two_patients()
    {
        var (patient, pulse) = (A.NewId("p"), A.NewId("o"));
        await shared.Sender(Site.FirstSource).Put($"{Address}/Observation/{pulse}", A.Pulse(pulse, patient, 70, A.Morning));
        await shared.Sender(Site.SecondSource).Put($"/fhir/notify/{Site.SecondSource}/Observation/{pulse}", A.Pulse(pulse, patient, 90, A.Morning));
        var first = await shared.Owner.History(patient);
        var second = await shared.Owner.History(patient, Site.SecondSource);
        Assert.Equal((70, 90), (first.Single()["entries"]![0]!["value"]!.GetValue<double>(), second.Single()["entries"]![0]!["value"]!.GetValue<double>()));
    }

    [Fact]
    public async Task An_unknown_source_is_not_found()
    {
        Assert.Equal(HttpStatusCode.NotFound, (await shared.Owner.Post("/fhir/notify/no-such-source")).Status);
    }

    /// <summary>A file holds a notification, a recorded request with one as its body, or several of those.</summary>
    private static List<JsonObject> Notifications(string file)
    {
        var node = JsonNode.Parse(File.ReadAllText(Path.Combine(Folder, file)))!;
        IEnumerable<JsonNode?> all = node is JsonArray array ? array : [node];
        return [.. all.Select(one => (one!["body"] ?? one).DeepClone().AsObject())];
    }
}
