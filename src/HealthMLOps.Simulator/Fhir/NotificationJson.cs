using System.Buffers;
using System.Globalization;
using System.Text.Json;
using HealthMLOps.Simulation.Sending;

namespace HealthMLOps.Simulation.Fhir;

/// <summary>Topic-based notifications in R4: a history Bundle led by Parameters, content full-resource.</summary>
/// <remarks>Subscriptions R5 Backport 1.1.0, profile backport-subscription-status-r4.</remarks>
internal sealed class NotificationJson(string subscriptionId)
{
    public const string EhrBase = "http://ehr.sim.example/fhir/";

    private const string Topic = "http://hl7.org/fhir/us/core/SubscriptionTopic/patient-data-feed";
    private const string Profile = "http://hl7.org/fhir/uv/subscriptions-backport/StructureDefinition/backport-subscription-status-r4";

    private readonly string _subscription = EhrBase + "Subscription/" + subscriptionId;
    private int _bundles;

    public ReadOnlyMemory<byte> Handshake(DateTimeOffset at) => Bundle("handshake", 0, [], at);

    public ReadOnlyMemory<byte> Heartbeat(long total, DateTimeOffset at) => Bundle("heartbeat", total, [], at);

    /// <param name="total">Events generated since the subscription began, delivered or not.</param>
    public ReadOnlyMemory<byte> Events(long total, IReadOnlyList<ChartEvent> events, DateTimeOffset at) => Bundle("event-notification", total, events, at);

    private ReadOnlyMemory<byte> Bundle(string type, long total, IReadOnlyList<ChartEvent> events, DateTimeOffset at)
    {
        var buffer = new ArrayBufferWriter<byte>(1500 + 1200 * events.Count);
        using (var json = new Utf8JsonWriter(buffer, ResourceJson.Options))
        {
            json.WriteStartObject();
            json.WriteString("resourceType"u8, "Bundle"u8);
            // Numbered, not random: the same run writes the same bundles.
            var id = string.Create(CultureInfo.InvariantCulture, $"00000000-0000-4000-8000-{Interlocked.Increment(ref _bundles):x12}");
            json.WriteString("id"u8, id);
            json.WriteString("type"u8, "history"u8);
            json.WriteInstant("timestamp", at);
            json.WriteStartArray("entry"u8);
            WriteStatus(json, id, type, total, events);
            foreach (var happened in events) WriteEntry(json, happened);
            json.WriteEndArray();
            json.WriteEndObject();
        }
        return buffer.WrittenMemory;
    }

    private void WriteStatus(Utf8JsonWriter json, string id, string type, long total, IReadOnlyList<ChartEvent> events)
    {
        json.WriteStartObject();
        json.WriteString("fullUrl"u8, "urn:uuid:" + id);
        json.WriteStartObject("resource"u8);
        json.WriteString("resourceType"u8, "Parameters"u8);
        json.WriteStartObject("meta"u8);
        json.WriteStartArray("profile"u8);
        json.WriteStringValue(Profile);
        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteStartArray("parameter"u8);
        WriteReferenceParameter(json, "subscription", _subscription);
        WriteParameter(json, "topic", "valueCanonical", Topic);
        WriteParameter(json, "status", "valueCode", type == "handshake" ? "requested" : "active");
        WriteParameter(json, "type", "valueCode", type);
        WriteParameter(json, "events-since-subscription-start", "valueString", total.ToString(CultureInfo.InvariantCulture));
        foreach (var happened in events) WriteEvent(json, happened);
        json.WriteEndArray();
        json.WriteEndObject();
        WriteExchange(json, "GET", _subscription + "/$status", "200");
        json.WriteEndObject();
    }

    private static void WriteEvent(Utf8JsonWriter json, ChartEvent happened)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, "notification-event"u8);
        json.WriteStartArray("part"u8);
        WriteParameter(json, "event-number", "valueString", happened.Number.ToString(CultureInfo.InvariantCulture));
        json.WriteStartObject();
        json.WriteString("name"u8, "timestamp"u8);
        json.WriteInstant("valueInstant", happened.Entry.LastUpdated);
        json.WriteEndObject();
        WriteReferenceParameter(json, "focus", Url(happened));
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static void WriteEntry(Utf8JsonWriter json, ChartEvent happened)
    {
        json.WriteStartObject();
        json.WriteString("fullUrl"u8, Url(happened));
        json.WritePropertyName("resource"u8);
        json.WriteRawValue(happened.Json, skipInputValidation: true);
        var isNew = happened.Entry.Version == 1;
        WriteExchange(json, isNew ? "POST" : "PUT", isNew ? happened.Entry.ResourceType : happened.Entry.ResourceType + "/" + happened.Entry.Id, isNew ? "201" : "200");
        json.WriteEndObject();
    }

    private static void WriteExchange(Utf8JsonWriter json, string method, string url, string status)
    {
        json.WriteStartObject("request"u8);
        json.WriteString("method"u8, method);
        json.WriteString("url"u8, url);
        json.WriteEndObject();
        json.WriteStartObject("response"u8);
        json.WriteString("status"u8, status);
        json.WriteEndObject();
    }

    private static void WriteParameter(Utf8JsonWriter json, string name, string valueName, string value)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, name);
        json.WriteString(valueName, value);
        json.WriteEndObject();
    }

    private static void WriteReferenceParameter(Utf8JsonWriter json, string name, string reference)
    {
        json.WriteStartObject();
        json.WriteString("name"u8, name);
        json.WriteStartObject("valueReference"u8);
        json.WriteString("reference"u8, reference);
        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static string Url(ChartEvent happened) => $"{EhrBase}{happened.Entry.ResourceType}/{happened.Entry.Id}";
}
