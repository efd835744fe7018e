using HealthMLOps.Simulation.Chance;
using HealthMLOps.Simulation.Charting;
using HealthMLOps.Simulation.Fhir;

namespace HealthMLOps.Simulation.Sending;

/// <summary>Puts events into requests as EHRs do: several to a bundle, out of order, and some requests twice.</summary>
internal sealed class Packer(NotificationJson notifications, string source, SendMode mode, RandomStream chance)
{
    private const int EventsPerBundleMax = 20;
    private const int EventsPerBatch = 100;
    private const double RepeatShare = 0.03;
    private const double ClassicShareOfMixed = 0.25;

    /// <summary>Rounds that an event waits for company before its bundle leaves.</summary>
    private const int RoundsWaitedMax = 10;

    private readonly List<ChartEvent> _waiting = [];
    private readonly List<Parcel> _repeats = [];
    private long _number;
    private int _roundsWaited;

    public string NotifyPath { get; } = "fhir/notify/" + source;

    /// <summary>Events numbered so far.</summary>
    public long Total => Interlocked.Read(ref _number);

    public Parcel Handshake(DateTimeOffset at) => new(HttpMethod.Post, NotifyPath, ParcelKind.Handshake, notifications.Handshake(at), []);

    public Parcel Heartbeat(DateTimeOffset at) => new(HttpMethod.Post, NotifyPath, ParcelKind.Heartbeat, notifications.Heartbeat(Total, at), []);

    public static IEnumerable<Parcel> Batches(IEnumerable<ChartEntry> entries) =>
        entries.Chunk(EventsPerBatch).Select(chunk => Batch([.. chunk.Select(entry => new ChartEvent(entry, 0))]));

    public static Parcel Batch(IReadOnlyList<ChartEvent> events) => new(HttpMethod.Post, "fhir", ParcelKind.Batch, BatchJson.Bundle(events), events);

    /// <summary>Takes what is due and answers with the requests that are ready.</summary>
    public List<Parcel> Pack(IReadOnlyList<ChartEntry> due, DateTimeOffset at)
    {
        var ready = new List<Parcel>();
        foreach (var entry in due)
            if (mode == SendMode.Classic || (mode == SendMode.Mixed && chance.Happens(ClassicShareOfMixed))) ready.Add(Put(new ChartEvent(entry, 0)));
            else _waiting.Add(new ChartEvent(entry, Interlocked.Increment(ref _number)));
        chance.Shuffle(_waiting);
        for (var size = BundleSize(); _waiting.Count >= size || (_waiting.Count > 0 && _roundsWaited >= RoundsWaitedMax); size = BundleSize()) ready.Add(Notification(size, at));
        _roundsWaited = _waiting.Count == 0 ? 0 : _roundsWaited + 1;
        return WithRepeats(ready);
    }

    /// <summary>What still waits, at the end.</summary>
    public List<Parcel> Rest(DateTimeOffset at)
    {
        var ready = new List<Parcel>();
        while (_waiting.Count > 0) ready.Add(Notification(BundleSize(), at));
        ready.AddRange(_repeats);
        _repeats.Clear();
        return ready;
    }

    private Parcel Notification(int size, DateTimeOffset at)
    {
        var events = _waiting[..Math.Min(size, _waiting.Count)];
        _waiting.RemoveRange(0, events.Count);
        _roundsWaited = 0;
        return new Parcel(HttpMethod.Post, NotifyPath, ParcelKind.Notification, notifications.Events(Total, events, at), events);
    }

    private Parcel Put(ChartEvent one) =>
        new(HttpMethod.Put, $"{NotifyPath}/{one.Entry.ResourceType}/{one.Entry.Id}", ParcelKind.Put, one.Json, [one]);

    /// <summary>One, or up to the limit, small bundles being commoner.</summary>
    private int BundleSize() => 1 + (int)(EventsPerBundleMax * Math.Pow(chance.Unit(), 1.5));

    private List<Parcel> WithRepeats(List<Parcel> ready)
    {
        var released = _repeats.FindAll(_ => chance.Happens(0.2));
        _repeats.RemoveAll(released.Contains);
        _repeats.AddRange(ready.FindAll(_ => chance.Happens(RepeatShare)));
        ready.AddRange(released);
        chance.Shuffle(ready);
        return ready;
    }
}

/// <summary>How events are sent: topic-based notifications, classic rest-hook PUTs, or some of each.</summary>
internal enum SendMode { Topic, Classic, Mixed }
