namespace HealthMLOps.Models;

/// <summary>A model's answer for one row: a probability, or the reason why there is none. Exactly one of the two is set.</summary>
/// <remarks>A value type, because the hot path makes one for each row and must not allocate.</remarks>
[GenerateSerializer, Immutable, Alias("score-result")]
public readonly record struct ScoreResult
{
    /// <summary>Probability in [0, 1]; null = no score.</summary>
    [Id(0)] public double? Score { get; private init; }
    [Id(1)] public NoScoreReason? NoScore { get; private init; }

    /// <summary>What a person needs to understand <see cref="NoScore"/>; no identifiers and no values of the patient.</summary>
    [Id(2)] public string? Detail { get; private init; }

    /// <summary>Takes what the model gave as its probability, and refuses what can't be one.</summary>
    public static ScoreResult From(double output) => output switch
    {
        _ when !double.IsFinite(output) => Refused(NoScoreReason.NonFiniteOutput, "The model gave no finite number."),
        < 0 or > 1 => Refused(NoScoreReason.OutputOutOfRange, "The model gave a number outside [0, 1]."),
        _ => new() { Score = output },
    };

    public static ScoreResult Refused(NoScoreReason reason, string detail) => new() { NoScore = reason, Detail = detail };

    public override string ToString() => "[score result]";
}
