using System.Text.Json;
using HealthMLOps.Clinical;
using HealthMLOps.Hosting;
using HealthMLOps.Patients;
using HealthMLOps.Privacy;
using HealthMLOps.Problems;
using HealthMLOps.Storage;

namespace HealthMLOps.Intake;

/// <summary>Receivers of subscription notifications: topic-based (R5 backport) and classic R4 rest-hook. Acknowledged with 200 and an OperationOutcome, once durable.</summary>
public static class NotifyEndpoints
{
    public static void MapNotify(this IEndpointRouteBuilder routes)
    {
        var notify = routes.MapGroup("/fhir/notify/{source}").WithTags("notify").RequireAuthorization(Roles.NotifyPolicy);
        notify.MapPost("/", (string source, HttpContext http, NotifyDoor door) => door.Topic(http, source));
        notify.MapPut("/{type:regex(^[A-Z][A-Za-z]+$)}/{id}", (string source, string type, string id, HttpContext http, NotifyDoor door) => door.Classic(http, source, type, id));
        notify.MapPost("/{type:regex(^[A-Z][A-Za-z]+$)}/{id}", (string source, string type, string id, HttpContext http, NotifyDoor door) => door.Classic(http, source, type, id));
        notify.MapDelete("/{type:regex(^[A-Z][A-Za-z]+$)}/{id}", (string source, string type, string id, HttpContext http, NotifyDoor door) => door.Delete(http, source, type, id));
        notify.MapMethods("/", ["GET", "HEAD", "OPTIONS"], (string source, NotifyDoor door) => door.Check(source));
    }
}

/// <summary>Reads a notification, commits what it carries, and acknowledges.</summary>
public sealed class NotifyDoor(SourceBook sources, Ingest ingest, QuarantineDesk quarantine, PendingFetchStore fetches, IdentityKeys keys, ClinicalClock clock)
{
    private const int BodyBytesMax = 16 << 20;

    /// <summary>Names the resource, as <c>Type/id</c>, that a sender has deleted; its body is then empty of content.</summary>
    private const string DeletedResourceHeader = "X-Medplum-Deleted-Resource";

    /// <summary>What an empty ping stands for among the pending fetches: whatever has changed at the source.</summary>
    private const string AnythingChanged = "Subscription";

    public async Task<IResult> Topic(HttpContext http, string named)
    {
        if (Source(named) is not { } source) return UnknownSource();
        if (await RequestBody.Read(http, BodyBytesMax) is not { } body) return TooLarge();
        if (http.Request.Headers[DeletedResourceHeader].ToString() is { Length: > 0 } deleted && FhirReference.Split(deleted) is { } gone)
            return await Take(source, [new IngestEntry { Type = gone.Type, Id = gone.Id }], http.RequestAborted);
        if (body.IsEmpty) return await Pending(source, [new ResolvedReference(AnythingChanged, "ping")], http.RequestAborted);
        if (!MediaTypes.IsFhirJson(http)) return WrongMediaType();
        var (document, refused) = StrictJson.Parse(body, BodyBytesMax);
        using (document)
        {
            if (refused is not null) return await Quarantined(source, refused, body, http.RequestAborted);
            if (!EntriesOf.IsBundle(document!.RootElement))
                return await Take(source, [new IngestEntry { Resource = document.RootElement }], http.RequestAborted);
            return await Notified(source, document.RootElement, body, http.RequestAborted);
        }
    }

    /// <summary>A resource at its own address, as base R4 rest-hook sends it; an empty POST is a ping.</summary>
    public async Task<IResult> Classic(HttpContext http, string named, string type, string id)
    {
        if (Source(named) is not { } source) return UnknownSource();
        if (!R4Types.Has(type) || !FhirReference.IsId(id)) return Problem.Of(404, "address", "The address is {Type}/{id} of an R4 resource.");
        if (await RequestBody.Read(http, BodyBytesMax) is not { } body) return TooLarge();
        if (body.IsEmpty) return await Pending(source, [new ResolvedReference(type, id)], http.RequestAborted);
        if (!MediaTypes.IsFhirJson(http)) return WrongMediaType();
        var (document, refused) = StrictJson.Parse(body, BodyBytesMax);
        using (document)
        {
            if (refused is null && (!Is(document!.RootElement, "resourceType", type) || !Is(document.RootElement, "id", id)))
                refused = new ReadResource.Refused(RefusalCodes.WrongValue, $"{type}.id", "Type and id are other ones than the address's.");
            if (refused is not null) return await Quarantined(source, refused, body, http.RequestAborted);
            return await Take(source, [new IngestEntry { Resource = document!.RootElement }], http.RequestAborted);
        }
    }

    public async Task<IResult> Delete(HttpContext http, string named, string type, string id)
    {
        if (Source(named) is not { } source) return UnknownSource();
        if (!R4Types.Has(type) || !FhirReference.IsId(id)) return Problem.Of(404, "address", "The address is {Type}/{id} of an R4 resource.");
        return await Take(source, [new IngestEntry { Type = type, Id = id }], http.RequestAborted);
    }

    /// <summary>Answers a sender's check that somebody is there.</summary>
    public IResult Check(string named) => Source(named) is null ? UnknownSource() : FhirAnswers.Acknowledged([], "This address takes notifications.");

    private async Task<IResult> Notified(SourceName source, JsonElement bundle, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        var (notification, refused) = new NotificationReader(sources.Reader(source).Source).Read(bundle);
        if (notification is null)
        {
            // No status in it: some senders post what changed as a plain bundle.
            var (entries, type) = EntriesOf.Bundle(bundle);
            return type is "transaction" or "batch" or "collection" && entries.Count > 0
                ? await Take(source, entries, cancellation)
                : await Quarantined(source, refused!, body, cancellation);
        }
        switch (notification)
        {
            case Notification.Handshake: return FhirAnswers.Acknowledged([], "Handshake taken.");
            case Notification.Heartbeat: return FhirAnswers.Acknowledged([], "Heartbeat taken.");
            case Notification.Events { Content: var content }: return await Events(source, notification, content, body, cancellation);
            default:
                return await Quarantined(source, new ReadResource.Refused(RefusalCodes.WrongValue, "Bundle.entry[0].resource", "An answer to a query is never pushed."), body, cancellation);
        }
    }

    private async Task<IResult> Events(
        SourceName source, Notification notification, EventContent content, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        var happened = content.Events.Where(e => e.Focus is not null && e.Timestamp is not null)
            .GroupBy(e => e.Focus!.Value).ToDictionary(g => g.Key, g => g.Max(e => e.Timestamp));
        var carried = content.Entries.Where(e => e.Resource is not null || e.Method == EntryMethod.Delete || e.Refused is not null).ToList();
        var have = carried.Where(e => e.Type is not null && e.Id is not null).Select(e => new ResolvedReference(e.Type!, e.Id!)).ToHashSet();
        var missing = content.Events.Select(e => e.Focus).OfType<ResolvedReference>().Where(f => !have.Contains(f)).Distinct().ToList();
        if (content.Level == ContentLevel.Empty) missing.Add(new ResolvedReference(AnythingChanged, notification.SubscriptionId));
        if (missing.Count > 0) await Pending(source, missing, cancellation);
        if (carried.Count == 0 && missing.Count == 0 && content.Events.FirstOrDefault(e => e.FocusProblem is not null) is { } lost)
            return await Quarantined(source, new ReadResource.Refused(RefusalCodes.Reference, "notification-event.focus", lost.FocusProblem!), body, cancellation);
        return await Take(source, [.. carried.Select(e => EntriesOf.Entry(e, content.Scope, happened.GetValueOrDefault(new ResolvedReference(e.Type ?? "", e.Id ?? ""))))], cancellation);
    }

    private async Task<IResult> Take(SourceName source, IReadOnlyList<IngestEntry> entries, CancellationToken cancellation) =>
        FhirAnswers.Acknowledged(await ingest.Take(source, entries, FactOrigin.Live, cancellation), "Notification taken.");

    private async Task<IResult> Pending(SourceName source, IReadOnlyList<ResolvedReference> resources, CancellationToken cancellation)
    {
        foreach (var resource in resources)
            await fetches.Add(source, keys.Resource(source, resource.Type, resource.Id), keys.Seal(source, resource.Type, resource.Id), clock.Now, cancellation);
        return FhirAnswers.Acknowledged([], "Notification taken; what it names is to be fetched.");
    }

    private async Task<IResult> Quarantined(SourceName source, ReadResource.Refused refused, ReadOnlyMemory<byte> body, CancellationToken cancellation)
    {
        await quarantine.Keep(source, refused, body, cancellation);
        return FhirAnswers.Refused(refused with { Code = refused.Code == RefusalCodes.Malformed ? RefusalCodes.WrongValue : refused.Code });
    }

    private SourceName? Source(string named) =>
        SourceName.IsName(named) && sources.IsEnabled(new SourceName(named)) ? new SourceName(named) : null;

    private static bool Is(JsonElement resource, string name, string value) =>
        resource.TryGetProperty(name, out var json) && json.ValueKind == JsonValueKind.String && json.ValueEquals(value);

    private static IResult UnknownSource() => Problem.Of(404, "unknown-source", "The address names no configured source.");

    private static IResult TooLarge() => Problem.Of(413, RefusalCodes.TooLarge, $"The body has more than {BodyBytesMax} bytes.");

    private static IResult WrongMediaType() => Problem.Of(415, "media-type", $"The body is {MediaTypes.Fhir} (or {MediaTypes.Json}).");
}
