using System.Collections.Immutable;
using HealthMLOps.Models;
using HealthMLOps.Signatures;

namespace HealthMLOps.Rings;

/// <summary>What can happen to a model's rollout. Each carries the id of the command that caused it, so that a repeat changes nothing.</summary>
[GenerateSerializer, Immutable, Alias("rollout-event")]
public abstract record RolloutEvent([property: Id(0)] string Command)
{
    /// <summary>Somebody plans to put a version into a ring. Replaces an open plan and voids its approvals.</summary>
    [GenerateSerializer, Immutable, Alias("rollout-proposed")]
    public sealed record Proposed(
        string Command, [property: Id(0)] ModelVersion Version, [property: Id(1)] string PackageDigest, [property: Id(2)] RingStage Target,
        [property: Id(3)] ImmutableArray<string> Units, [property: Id(4)] string By) : RolloutEvent(Command);

    /// <summary>A person signed the open plan's exact digest.</summary>
    [GenerateSerializer, Immutable, Alias("rollout-approved")]
    public sealed record Approved(string Command, [property: Id(0)] Signature Signature) : RolloutEvent(Command);

    /// <summary>The approved plan is carried out, on this evidence.</summary>
    [GenerateSerializer, Immutable, Alias("rollout-advanced")]
    public sealed record Advanced(
        string Command, [property: Id(0)] string Proposal, [property: Id(1)] Exposure Exposure, [property: Id(2)] ImmutableArray<GateEvidence> Evidence,
        [property: Id(3)] string By) : RolloutEvent(Command);

    /// <summary>Back to the placements before the last advance.</summary>
    [GenerateSerializer, Immutable, Alias("rollout-rolled-back")]
    public sealed record RolledBack(string Command, [property: Id(0)] string By, [property: Id(1)] string Reason) : RolloutEvent(Command);

    /// <summary>A version goes back to shadow, or is retired. May be automatic.</summary>
    [GenerateSerializer, Immutable, Alias("rollout-demoted")]
    public sealed record Demoted(
        string Command, [property: Id(0)] ModelVersion Version, [property: Id(1)] RingStage To, [property: Id(2)] string By, [property: Id(3)] string Reason)
        : RolloutEvent(Command);

    public sealed override string ToString() => $"[{GetType().Name}]";
}
