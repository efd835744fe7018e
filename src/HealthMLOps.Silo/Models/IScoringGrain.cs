using System.Collections.Immutable;

namespace HealthMLOps.Models;

/// <summary>One model version's ONNX session on this silo. Key: <c>name@number</c>. A stateless worker, one a silo, so that the call never leaves it.</summary>
[Alias("scoring-grain")]
public interface IScoringGrain : IGrainWithStringKey
{
    /// <summary>Scores one row of feature values in the contract's row order; writes nothing.</summary>
    [Alias("score")]
    ValueTask<ScoreResult> Score([Immutable] ImmutableArray<double?> values);

    /// <summary>What moved the score of a row away from that of a typical patient; writes nothing.</summary>
    [Alias("contributions")]
    ValueTask<ImmutableArray<Contribution>> Contributions([Immutable] ImmutableArray<double?> values);
}
