using System.Text.Json;
using HealthMLOps.Intake;

namespace HealthMLOps.Tests.Unit.Intake;

public sealed class NotificationReaderTests
{
    private static readonly NotificationReader Reader = new(AClinic.Source);

    private static Notification Golden(string name)
    {
        var root = JsonDocument.Parse(RepositoryFiles.Golden("notifications", name + ".json")).RootElement;
        var (notification, refused) = Reader.Read(root.TryGetProperty("body", out var body) ? body : root);
        return notification ?? throw new Xunit.Sdk.XunitException($"{name}: {refused}");
    }

    [Fact]
    public void Every_notification_seen_on_the_wire_is_read() =>
        Assert.All(Directory.GetFiles(RepositoryFiles.PathOf("tests", "Golden", "notifications"), "*.json"), file => Assert.NotEmpty(Golden(Path.GetFileNameWithoutExtension(file)).SubscriptionId));

    [Theory]
    [InlineData("candle-event-empty", ContentLevel.Empty, 0)]
    [InlineData("candle-event-id-only", ContentLevel.IdOnly, 0)]
    [InlineData("candle-event-full-resource-observation-with-context", ContentLevel.FullResource, 3)]
    [InlineData("candle-event-full-resource-uscore-feed-encounter", ContentLevel.FullResource, 2)]
    [InlineData("r4-notification-empty", ContentLevel.Empty, 0)]
    [InlineData("r4-notification-id-only", ContentLevel.IdOnly, 0)]
    [InlineData("r4-notification-full-resource", ContentLevel.FullResource, 1)]
    [InlineData("r4-notification-multi-resource", ContentLevel.FullResource, 2)]
    public void Events_tell_their_content_level_and_carry_their_resources(string name, ContentLevel level, int entries)
    {
        var content = Assert.IsType<Notification.Events>(Golden(name)).Content;
        Assert.Equal((level, entries), (content.Level, content.Entries.Length));
        Assert.NotEmpty(content.Events);
        Assert.All(content.Events, e => Assert.NotNull(e.Number));
    }

    [Fact]
    public void An_event_names_its_number_time_focus_and_context()
    {
        var notification = Assert.IsType<Notification.Events>(Golden("candle-event-id-only"));
        var happened = Assert.Single(notification.Content.Events);
        Assert.Equal(("obs-id", "active", 4L), (notification.SubscriptionId, notification.Status, notification.EventsSinceStart));
        Assert.Equal((2L, new ResolvedReference("Observation", "o2")), (happened.Number, happened.Focus!.Value));
        Assert.Equal([new ResolvedReference("Patient", "p1"), new ResolvedReference("Encounter", "e1")], happened.Context);
        Assert.Equal(AClinic.At("2026-11-23T16:22:55.2317619Z"), happened.Timestamp);
    }

    [Fact]
    public void The_other_types_are_told_apart()
    {
        Assert.Equal(0, Assert.IsType<Notification.Handshake>(Golden("candle-handshake-id-only")).EventsSinceStart);
        Assert.Equal(11, Assert.IsType<Notification.Heartbeat>(Golden("candle-heartbeat-empty-repeats-last-event")).EventsSinceStart);
        Assert.IsType<Notification.QueryStatus>(Golden("candle-status-obs-full"));
        Assert.Equal(11, Assert.IsType<Notification.QueryEvents>(Golden("candle-events-obs-id")).EventsSinceStart);
        Assert.Equal("error", Golden("r4-notification-error").Status);
        Assert.NotEmpty(Golden("r4-notification-error").Errors);
    }

    [Fact]
    public void A_subscription_status_of_R4B_is_read_too_with_its_deviations()
    {
        var (notification, _) = Reader.Read(JsonDocument.Parse("""
            {"resourceType":"Bundle","type":"subscription-notification","entry":[
             {"resource":{"resourceType":"SubscriptionStatus","status":"active","type":"event-notification","eventsSinceSubscriptionStart":"2",
               "subscription":{"reference":"Subscription/s1"},"topic":"urn:t",
               "notificationEvent":[{"eventNumber":2,"timestamp":"2026-11-20","focus":{"reference":"Observation/Observation/o2"}},
                                    {"eventNumber":"3","focus":{"reference":"https://attacker.example/fhir/Observation/o3"}}]}},
             {"request":{"method":"DELETE","url":"Observation/o2"}}]}
            """).RootElement);
        var content = Assert.IsType<Notification.Events>(notification).Content;
        Assert.Equal((2L, new ResolvedReference("Observation", "o2")), (content.Events[0].Number, content.Events[0].Focus!.Value));
        Assert.Equal((null, "it points to another server than this source"), (content.Events[1].Focus, content.Events[1].FocusProblem));
        Assert.Equal(EntryMethod.Delete, Assert.Single(content.Entries).Method);
    }

    [Theory]
    [InlineData("""{"resourceType":"Bundle","type":"history"}""", RefusalCodes.Required)]
    [InlineData("""{"resourceType":"Observation"}""", RefusalCodes.UnknownResourceType)]
    [InlineData("""{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Parameters","parameter":[{"name":"type","valueCode":"shout"}]}}]}""", RefusalCodes.Required)]
    [InlineData("""{"resourceType":"Bundle","entry":[{"resource":{"resourceType":"Parameters","parameter":5}}]}""", RefusalCodes.WrongType)]
    public void What_is_no_notification_is_refused(string json, string code) => Assert.Equal(code, Reader.Read(JsonDocument.Parse(json).RootElement).Refused?.Code);
}
