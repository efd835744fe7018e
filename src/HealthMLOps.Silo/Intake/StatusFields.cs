using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace HealthMLOps.Intake;

/// <summary>The status part of a notification, from either of its two spellings.</summary>
internal sealed record StatusFields
{
    public string? Subscription { get; private init; }
    public string? Topic { get; private init; }
    public string? Status { get; private init; }
    public string? Type { get; private init; }
    public long? EventsSinceStart { get; private init; }
    public ImmutableArray<string> Errors { get; private init; } = [];
    public List<Event> Events { get; private init; } = [];

    public override string ToString() => "[status fields]";

    internal sealed record Event(long? Number, string? Timestamp, string? Focus, ImmutableArray<string> Context)
    {
        public override string ToString() => "[event]";
    }

    public static StatusFields OfParameters(Node parameters)
    {
        var sent = parameters.List("parameter").ToLookup(p => p.Text("name") ?? "", StringComparer.Ordinal);
        return new StatusFields
        {
            Subscription = Text(sent["subscription"]), Topic = Text(sent["topic"]), Status = Text(sent["status"]), Type = Text(sent["type"]),
            EventsSinceStart = Whole(Text(sent["events-since-subscription-start"])),
            Errors = [.. sent["error"].SelectMany(e => e.Child("valueCodeableConcept")?.List("coding") ?? []).Select(c => c.Text("code")).OfType<string>()],
            Events = [.. sent["notification-event"].Select(e =>
            {
                var parts = e.List("part").ToLookup(p => p.Text("name") ?? "", StringComparer.Ordinal);
                return new Event(Whole(Text(parts["event-number"])), Text(parts["timestamp"]), Text(parts["focus"]),
                    [.. parts["additional-context"].Select(ValueOf).OfType<string>()]);
            })],
        };
    }

    public static StatusFields OfSubscriptionStatus(Node status) => new()
    {
        Subscription = status.Child("subscription")?.Text("reference"), Topic = status.Text("topic"), Status = status.Text("status"), Type = status.Text("type"),
        EventsSinceStart = Whole(TextOf(status.Json, "eventsSinceSubscriptionStart")),
        Errors = [.. status.List("error").SelectMany(e => e.List("coding")).Select(c => c.Text("code")).OfType<string>()],
        Events = [.. status.List("notificationEvent").Select(e => new Event(
            Whole(TextOf(e.Json, "eventNumber")), e.Text("timestamp"), e.Child("focus")?.Text("reference"),
            [.. e.List("additionalContext").Select(c => c.Text("reference")).OfType<string>()]))],
    };

    private static string? Text(IEnumerable<Node> parameters) => parameters.Select(ValueOf).FirstOrDefault(v => v is not null);

    /// <summary>The text of whichever <c>value[x]</c> was sent.</summary>
    private static string? ValueOf(Node parameter)
    {
        foreach (var property in parameter.Json.EnumerateObject())
        {
            if (!property.Name.StartsWith("value", StringComparison.Ordinal)) continue;
            return property.Value.ValueKind == JsonValueKind.Object ? TextOf(property.Value, "reference") : Plain(property.Value);
        }
        return null;
    }

    private static string? TextOf(JsonElement parent, string name) => parent.TryGetProperty(name, out var json) ? Plain(json) : null;

    private static string? Plain(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.String => json.GetString(),
        JsonValueKind.Number => json.GetRawText(),
        _ => null,
    };

    private static long? Whole(string? text) =>
        decimal.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var number) && number >= 0 && number <= long.MaxValue && decimal.Truncate(number) == number
            ? (long)number : null;
}
