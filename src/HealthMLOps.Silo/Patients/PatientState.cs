using System.Collections.Immutable;
using HealthMLOps.Clinical;
using HealthMLOps.Models;

namespace HealthMLOps.Patients;

/// <summary>All that a patient grain holds: the state after its last committed turn.</summary>
/// <param name="Number">The patient's last turn; 0 = no resource has ever referred to the patient.</param>
/// <param name="Timeline">What is known of the patient, bounded.</param>
/// <param name="FactsTurn">The last turn that brought facts: a prediction of an earlier one does not know them.</param>
/// <param name="Predictions">The newest prediction of each model version, at most <see cref="ModelsMax"/>.</param>
[GenerateSerializer, Immutable, Alias("patient-state")]
public sealed record PatientState(
    [property: Id(0)] long Number, [property: Id(1)] Timeline Timeline, [property: Id(2)] ImmutableArray<StoredPrediction> Predictions,
    [property: Id(3)] long FactsTurn)
{
    /// <summary>Model versions whose newest prediction is held; beyond it the oldest prediction goes (it stays in the log).</summary>
    public const int ModelsMax = 16;

    public static readonly PatientState Empty = new(0, Timeline.Empty, [], 0);

    public StoredPrediction? Latest(ModelVersion version) => Predictions.FirstOrDefault(p => p.Prediction.Model == version);

    public PatientState After(long number, Timeline timeline, PatientTurn turn)
    {
        var predictions = turn.Predictions;
        var factsTurn = turn.Facts.IsEmpty ? FactsTurn : number;
        if (predictions.IsEmpty) return new PatientState(number, timeline, Predictions, factsTurn);
        var kept = Predictions.Where(p => predictions.All(n => n.Model != p.Prediction.Model));
        return new PatientState(number, timeline, [.. predictions.Select(p => new StoredPrediction(number, p)).Concat(kept).Take(ModelsMax)], factsTurn);
    }
}

/// <summary>A prediction and the turn that holds it.</summary>
[GenerateSerializer, Immutable, Alias("stored-prediction")]
public sealed record StoredPrediction([property: Id(0)] long Turn, [property: Id(1)] Prediction Prediction);
