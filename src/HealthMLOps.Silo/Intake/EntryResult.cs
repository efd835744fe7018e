using HealthMLOps.Clinical;
using HealthMLOps.Privacy;

namespace HealthMLOps.Intake;

/// <summary>What became of one entry.</summary>
public abstract record EntryResult
{
    private EntryResult() { }

    /// <summary>Durable as facts.</summary>
    public sealed record Stored(string Type, Phi Id, string? VersionId, Admission Admission) : EntryResult
    {
        public bool IsDelete { get; init; }
    }

    /// <summary>Accepted, and of no use to any model.</summary>
    public sealed record Unused(string Type) : EntryResult;

    /// <summary>Kept in quarantine.</summary>
    public sealed record Refused(ReadResource.Refused Why) : EntryResult;

    public sealed override string ToString() => $"[{GetType().Name}]";
}
