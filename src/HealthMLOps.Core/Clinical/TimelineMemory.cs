namespace HealthMLOps.Clinical;

/// <summary>What a timeline still knows of what it no longer holds. It may doubt too much, never too little.</summary>
/// <param name="NewestKnownTicks">When the newest version of anything, superseded ones included, could have been known.</param>
/// <param name="KnownToTicks">Rebuilt as known at this time; <see cref="long.MaxValue"/> = live.</param>
/// <param name="OverflowTicks">Everything true at or before this time went for want of room in all; 0 = nothing.</param>
/// <param name="ForgottenVersion">The newest version among resources no longer remembered; null = none was forgotten.</param>
/// <param name="HasForgottenContents">A forgotten resource came without versions, so its contents would be needed to tell repeats.</param>
/// <param name="HasForgottenEmpties">An empty resource was forgotten.</param>
internal readonly record struct TimelineMemory(
    long NewestKnownTicks, long KnownToTicks, long OverflowTicks, ResourceVersion? ForgottenVersion, bool HasForgottenContents, bool HasForgottenEmpties)
{
    public static TimelineMemory Live { get; } = new(0, long.MaxValue, 0, null, false, false);

    public TimelineMemory Known(DateTimeOffset? available) =>
        available is { } at && at.UtcTicks > NewestKnownTicks ? this with { NewestKnownTicks = at.UtcTicks } : this;

    public TimelineMemory Forgetting(ResourceVersion version) =>
        ForgottenVersion is { } newest && newest >= version ? this : this with { ForgottenVersion = version };
}
