using System.Text.Json;
using HealthMLOps.Clinical;
using HealthMLOps.Hosting;
using HealthMLOps.Patients;
using HealthMLOps.Privacy;
using HealthMLOps.Storage;

namespace HealthMLOps.Intake;

/// <summary>Commits what a subscription's notification carries, and notes what it names and does not carry as to be fetched.</summary>
public sealed class NotificationIntake(SourceBook sources, Ingest ingest, PendingFetchStore fetches, IdentityKeys keys, ClinicalClock clock)
{
    /// <summary>What an empty ping stands for among the pending fetches: whatever has changed at the source.</summary>
    private const string AnythingChanged = "Subscription";

    private const string Taken = "Notification taken.";

    /// <param name="source">Who sent it.</param>
    /// <param name="body">A notification bundle, a plain bundle or a single resource.</param>
    /// <param name="firstArrived">When it came first, where it waited in quarantine since; null = now.</param>
    public async Task<TakenNotification> Take(SourceName source, JsonElement body, DateTimeOffset? firstArrived, CancellationToken cancellation)
    {
        if (!EntriesOf.IsBundle(body)) return await Entries(source, [new IngestEntry { Resource = body }], firstArrived, cancellation);
        var (notification, refused) = new NotificationReader(sources.Reader(source).Source).Read(body);
        switch (notification)
        {
            case Notification.Handshake: return new TakenNotification([], "Handshake taken.");
            case Notification.Heartbeat: return new TakenNotification([], "Heartbeat taken.");
            case Notification.Events { Content: var content }: return await Events(source, notification, content, firstArrived, cancellation);
            case null:
                // No status in it: some senders post what changed as a plain bundle.
                var (entries, type) = EntriesOf.Bundle(body);
                return type is "transaction" or "batch" or "collection" && entries.Count > 0
                    ? await Entries(source, entries, firstArrived, cancellation)
                    : TakenNotification.None(refused!);
            default:
                return TakenNotification.None(new ReadResource.Refused(RefusalCodes.WrongValue, "Bundle.entry[0].resource", "An answer to a query is never pushed."));
        }
    }

    /// <summary>A resource, or a delete, that came at its own address.</summary>
    public Task<TakenNotification> Take(SourceName source, IngestEntry entry, CancellationToken cancellation) =>
        Entries(source, [entry], entry.FirstArrived, cancellation);

    /// <summary>A ping without an address: anything may have changed.</summary>
    public Task<TakenNotification> Ping(SourceName source, CancellationToken cancellation) =>
        Pending(source, [new ResolvedReference(AnythingChanged, "ping")], cancellation);

    public async Task<TakenNotification> Pending(SourceName source, IReadOnlyList<ResolvedReference> resources, CancellationToken cancellation)
    {
        foreach (var resource in resources)
            await fetches.Add(source, keys.Resource(source, resource.Type, resource.Id), keys.Seal(source, resource.Type, resource.Id), clock.Now, cancellation);
        return new TakenNotification([], "Notification taken; what it names is to be fetched.");
    }

    private async Task<TakenNotification> Events(
        SourceName source, Notification notification, EventContent content, DateTimeOffset? firstArrived, CancellationToken cancellation)
    {
        var happened = content.Events.Where(e => e.Focus is not null && e.Timestamp is not null)
            .GroupBy(e => e.Focus!.Value).ToDictionary(g => g.Key, g => g.Max(e => e.Timestamp));
        var carried = content.Entries.Where(e => e.Resource is not null || e.Method == EntryMethod.Delete || e.Refused is not null).ToList();
        var have = carried.Where(e => e.Type is not null && e.Id is not null).Select(e => new ResolvedReference(e.Type!, e.Id!)).ToHashSet();
        var missing = content.Events.Select(e => e.Focus).OfType<ResolvedReference>().Where(f => !have.Contains(f)).Distinct().ToList();
        if (content.Level == ContentLevel.Empty) missing.Add(new ResolvedReference(AnythingChanged, notification.SubscriptionId));
        if (missing.Count > 0) await Pending(source, missing, cancellation);
        if (carried.Count == 0 && missing.Count == 0 && content.Events.FirstOrDefault(e => e.FocusProblem is not null) is { } lost)
            return TakenNotification.None(new ReadResource.Refused(RefusalCodes.Reference, "notification-event.focus", lost.FocusProblem!));
        return await Entries(
            source, [.. carried.Select(e => EntriesOf.Entry(e, content.Scope, happened.GetValueOrDefault(new ResolvedReference(e.Type ?? "", e.Id ?? ""))))], firstArrived, cancellation);
    }

    private async Task<TakenNotification> Entries(
        SourceName source, IReadOnlyList<IngestEntry> entries, DateTimeOffset? firstArrived, CancellationToken cancellation)
    {
        var dated = firstArrived is null ? entries : [.. entries.Select(e => e with { FirstArrived = firstArrived })];
        return new TakenNotification(await ingest.Take(source, dated, FactOrigin.Live, cancellation), Taken);
    }
}
