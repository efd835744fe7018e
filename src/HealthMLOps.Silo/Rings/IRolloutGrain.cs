namespace HealthMLOps.Rings;

/// <summary>One model's rollout. Key: <see cref="Storage.ControlKey"/> of kind "rollout" over the model's name. Called by the ring endpoints only.</summary>
[Alias("rollout-grain")]
public interface IRolloutGrain : IGrainWithStringKey
{
    /// <summary>The rollout as it is stored.</summary>
    [Alias("show")]
    Task<Rollout> Show();

    /// <summary>Records what happened. When it returns it is durable and in the published plan; a command that was carried out already changes nothing.</summary>
    /// <exception cref="RolloutRefused">It is not allowed; nothing changed.</exception>
    [Alias("record")]
    Task<Rollout> Record([Immutable] RolloutEvent happened);

    /// <summary>What the ring that the open plan aims at asks for, and what is known of it now.</summary>
    /// <exception cref="RolloutRefused">No plan is open.</exception>
    [Alias("look")]
    Task<GateLook> Look(TimeSpan horizon);
}

/// <param name="Exposure">What the version has done in its present ring.</param>
/// <param name="Evidence">The target ring's criteria, judged.</param>
[GenerateSerializer, Immutable, Alias("gate-look")]
public sealed record GateLook([property: Id(0)] Exposure Exposure, [property: Id(1)] System.Collections.Immutable.ImmutableArray<GateEvidence> Evidence);
