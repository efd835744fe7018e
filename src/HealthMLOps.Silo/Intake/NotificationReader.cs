using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace HealthMLOps.Intake;

/// <summary>Reads topic-based notifications as senders really write them: Parameters of the R4 backport and SubscriptionStatus of R4B and R5.</summary>
/// <remarks>Liberal on purpose (PROTOCOLS 3.2): numbers of any JSON type, relative references, no <c>entry.request</c>, any bundle type.</remarks>
public sealed class NotificationReader(SourceProfile source)
{
    private const int EventsMax = 5_000;

    /// <returns>The notification, or why it is none.</returns>
    public (Notification? Notification, ReadResource.Refused? Refused) Read(JsonElement bundle)
    {
        try
        {
            var root = Node.Root(bundle, "Bundle");
            if (root.Text("resourceType") != "Bundle") return (null, new(RefusalCodes.UnknownResourceType, "resourceType", "Expected a Bundle."));
            return (Read(root), null);
        }
        catch (Unreadable e) { return (null, new(e.Code, e.Element, e.Reason)); }
    }

    private Notification Read(Node root)
    {
        var read = BundleReader.Read(root, root.Text("type") ?? "history", BundleReader.EntriesMax);
        var status = read.Entries.FirstOrDefault(e => e.Resource is { } r && TypeOf(r) is "Parameters" or "SubscriptionStatus")
            ?? throw root.Wrong(RefusalCodes.Required, "entry[0].resource", "expected the Parameters or SubscriptionStatus of a notification");
        var others = read.Entries.Where(e => e != status && (e.Resource is not null || e.Method == EntryMethod.Delete)).ToImmutableArray();
        var json = status.Resource.GetValueOrDefault();
        var path = new ElementPath(new ElementPath(root.Path, "entry", status.Index), "resource");
        var fields = TypeOf(json) == "Parameters" ? StatusFields.OfParameters(new Node(json, path)) : StatusFields.OfSubscriptionStatus(new Node(json, path));
        if (fields.Events.Count > EventsMax) throw new Unreadable(RefusalCodes.TooLarge, path.ToString(), $"{fields.Events.Count} events; at most {EventsMax} are read");
        return Classified(fields, path, others, read.Scope);
    }

    private Notification Classified(StatusFields fields, ElementPath path, ImmutableArray<BundleEntry> others, ReferenceScope scope)
    {
        var subscription = fields.Subscription is { } reference ? FhirReference.Split(FhirReference.WithoutVersion(reference)) : null;
        var id = subscription?.Id ?? throw new Unreadable(RefusalCodes.Required, $"{path}.subscription", "a reference to the subscription is required");
        var status = fields.Status ?? throw new Unreadable(RefusalCodes.Required, $"{path}.status", "it is required and was not sent");
        EventContent Content() => ContentOf(fields, others, scope);
        return fields.Type switch
        {
            "handshake" => new Notification.Handshake { SubscriptionId = id, Topic = fields.Topic, Status = status, EventsSinceStart = fields.EventsSinceStart, Errors = fields.Errors },
            "heartbeat" => new Notification.Heartbeat { SubscriptionId = id, Topic = fields.Topic, Status = status, EventsSinceStart = fields.EventsSinceStart, Errors = fields.Errors },
            "event-notification" => new Notification.Events { SubscriptionId = id, Topic = fields.Topic, Status = status, EventsSinceStart = fields.EventsSinceStart, Errors = fields.Errors, Content = Content() },
            "query-status" => new Notification.QueryStatus { SubscriptionId = id, Topic = fields.Topic, Status = status, EventsSinceStart = fields.EventsSinceStart, Errors = fields.Errors },
            "query-event" => new Notification.QueryEvents { SubscriptionId = id, Topic = fields.Topic, Status = status, EventsSinceStart = fields.EventsSinceStart, Errors = fields.Errors, Content = Content() },
            null => throw new Unreadable(RefusalCodes.Required, $"{path}.type", "it is required and was not sent"),
            _ => throw new Unreadable(RefusalCodes.WrongValue, $"{path}.type", "expected one of handshake, heartbeat, event-notification, query-status, query-event"),
        };
    }

    private EventContent ContentOf(StatusFields fields, ImmutableArray<BundleEntry> entries, ReferenceScope scope)
    {
        var events = fields.Events.Select(e => Event(e, scope)).ToImmutableArray();
        var level = !entries.IsEmpty ? ContentLevel.FullResource
            : events.Any(e => e.Focus is not null || e.FocusProblem is not null) ? ContentLevel.IdOnly
            : ContentLevel.Empty;
        return new EventContent(level, events, entries, scope);
    }

    private NotifiedEvent Event(StatusFields.Event sent, ReferenceScope scope)
    {
        var (focus, problem) = sent.Focus is { } text ? FhirReference.Resolve(text, scope, source) : (null, null);
        var context = sent.Context.Select(c => FhirReference.Resolve(c, scope, source).Target).OfType<ResolvedReference>();
        return new NotifiedEvent(sent.Number, Instant(sent.Timestamp), focus, problem, [.. context]);
    }

    /// <summary>A timestamp only tells repeats from a new epoch, so one that can't be read is left out.</summary>
    private static DateTimeOffset? Instant(string? text) =>
        DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var at) ? at : null;

    private static string? TypeOf(JsonElement resource) =>
        resource.TryGetProperty("resourceType"u8, out var type) && type.ValueKind == JsonValueKind.String ? type.GetString() : null;
}
