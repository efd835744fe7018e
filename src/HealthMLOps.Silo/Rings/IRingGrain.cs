namespace HealthMLOps.Rings;

/// <summary>What versions have done in one ring of a model. Key: <see cref="Storage.ControlKey"/> of kind "ring" over <c>model/ring</c>. Called by the rollout and by the ring endpoints.</summary>
[Alias("ring-grain")]
public interface IRingGrain : IGrainWithStringKey
{
    /// <summary>Folds more of the log and answers what a version has done since it entered. What was folded is durable when it returns; a repeat goes on from there.</summary>
    [Alias("count")]
    Task<RingReading> Count([Immutable] RingQuestion question);
}

/// <param name="Version">Whose scores.</param>
/// <param name="Since">Since when it has stood in the ring.</param>
/// <param name="Horizon">How far ahead its score speaks; after that a label is mature.</param>
[GenerateSerializer, Immutable, Alias("ring-question")]
public sealed record RingQuestion([property: Id(0)] Models.ModelVersion Version, [property: Id(1)] DateTimeOffset Since, [property: Id(2)] TimeSpan Horizon);

/// <param name="Exposure">What it has done, as far as the log has been folded.</param>
/// <param name="IsWhole">The whole log has been folded; false = ask again.</param>
[GenerateSerializer, Immutable, Alias("ring-reading")]
public sealed record RingReading([property: Id(0)] Exposure Exposure, [property: Id(1)] bool IsWhole);
