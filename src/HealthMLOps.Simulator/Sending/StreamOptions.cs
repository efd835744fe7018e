namespace HealthMLOps.Simulation.Sending;

/// <summary>How to run the wards live, and where to.</summary>
internal sealed record StreamOptions
{
    public required Uri To { get; init; }
    public required string Source { get; init; }
    public required string Secret { get; init; }
    public required ulong Seed { get; init; }

    /// <summary>Beds, each with somebody in it.</summary>
    public required int Patients { get; init; }
    public required DateTimeOffset Start { get; init; }

    /// <summary>Simulated seconds per second; 0 means as fast as the receiver takes it.</summary>
    public required double Rate { get; init; }

    /// <summary>Simulated instant at which the run ends once everything is delivered; null for none.</summary>
    public DateTimeOffset? Until { get; init; }

    /// <summary>Wall time after which the run ends; null for none.</summary>
    public TimeSpan? Duration { get; init; }
    public long? RequestsMax { get; init; }
    public int Concurrency { get; init; } = 8;
    public SendMode Mode { get; init; } = SendMode.Topic;
    public BacklogWay Backlog { get; init; } = BacklogWay.Batch;
    public TimeSpan HeartbeatPeriod { get; init; } = TimeSpan.FromSeconds(30);
    public FileInfo? Record { get; init; }
    public Drift? Drift { get; init; }
}

/// <summary>How the data from before the start are sent.</summary>
internal enum BacklogWay { Batch, Notify, None }
