using System.Collections.Immutable;

namespace HealthMLOps.Intake;

/// <summary>One topic-based notification, or an answer to <c>$status</c> or <c>$events</c>.</summary>
public abstract record Notification
{
    private Notification() { }

    /// <summary>The subscription's id at its source.</summary>
    public required string SubscriptionId { get; init; }
    public string? Topic { get; init; }

    /// <summary>requested, active, error, off or entered-in-error.</summary>
    public required string Status { get; init; }

    /// <summary>Events generated so far, this one's and undelivered ones included; null where it was not sent.</summary>
    public long? EventsSinceStart { get; init; }

    /// <summary>Codes of the errors that the sender reports.</summary>
    public ImmutableArray<string> Errors { get; init; } = [];

    public sealed record Handshake : Notification;

    /// <summary>A sign of life. Some senders repeat their last event in it, which is not news.</summary>
    public sealed record Heartbeat : Notification;

    /// <summary>Events that were pushed.</summary>
    public sealed record Events : Notification
    {
        public required EventContent Content { get; init; }
    }

    public sealed record QueryStatus : Notification;

    /// <summary>Events that we asked for.</summary>
    public sealed record QueryEvents : Notification
    {
        public required EventContent Content { get; init; }
    }

    public sealed override string ToString() => $"[{GetType().Name}]";
}
