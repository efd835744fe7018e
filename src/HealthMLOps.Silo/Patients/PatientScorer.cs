using System.Collections.Immutable;
using HealthMLOps.Clinical;
using HealthMLOps.Features;
using HealthMLOps.Models;

namespace HealthMLOps.Patients;

/// <summary>Scores a timeline with the versions of a plan, and says why not where it can't.</summary>
public sealed partial class PatientScorer(IGrainFactory grains, PlanBoard plans, ILogger<PatientScorer> logger)
{
    /// <summary>One prediction for each version, shadows included, whose population the patient belongs to and that no halt has stopped.</summary>
    public async ValueTask<ImmutableArray<Prediction>> Score(Timeline timeline, ServingPlan plan, DateTimeOffset now)
    {
        if (plan.Models.IsEmpty) return [];
        var predictions = ImmutableArray.CreateBuilder<Prediction>(plan.Models.Length);
        foreach (var served in plan.Models)
            if (!plans.IsStopped(served.Version) && Outside(timeline, served, now) is null) predictions.Add(await ScoreOne(timeline, served, now));
        return predictions.ToImmutable();
    }

    /// <summary>Why the patient is outside the model's population, or null.</summary>
    public string? Outside(Timeline timeline, ServedModel served, DateTimeOffset now)
    {
        if (timeline.DiedAt(now, now) is not null) return "The patient has died.";
        return served.Contract.IntendedUse.ScoredPopulation switch
        {
            "any" => null,
            "inpatient" => timeline.OpenEncounter(now, now) is { IsInpatient: true } ? null : $"{served.Version.Model} is for inpatients; no inpatient encounter is open.",
            var other => $"{served.Version.Model} names a population that is not known: '{other}'.",
        };
    }

    public async ValueTask<Prediction> ScoreOne(Timeline timeline, ServedModel served, DateTimeOffset now)
    {
        var epoch = plans.Orders.Epoch; // Before the work: what a restart overtakes is not shown.
        var vector = served.Features.Compute(timeline, now, now);
        var refused = Refusal(served, vector, now);
        var row = refused ?? await Run(served, vector);
        return new Prediction
        {
            Model = served.Version,
            PackageDigest = served.PackageDigest,
            FeatureSet = served.Features.Name,
            FeatureSetHash = served.Features.Hash,
            AsOf = now,
            Values = vector.Values,
            NewestInputTicks = vector.NewestInputTicks,
            Score = row.Score,
            NoScore = row.NoScore,
            NoScoreDetail = row.Detail,
            PlanEpoch = epoch,
        };
    }

    /// <summary>A model that fails costs its own score only: the facts are committed with the reason.</summary>
    private async ValueTask<ScoreResult> Run(ServedModel served, FeatureVector vector)
    {
        try { return await grains.GetGrain<IScoringGrain>(served.Version.ToString()).Score(served.Row(vector.Values)); }
        catch (Exception e)
        {
            FailedToScore(e, served.Version);
            return No(NoScoreReason.ModelFailed, "The model failed to run.");
        }
    }

    private static ScoreResult? Refusal(ServedModel served, FeatureVector vector, DateTimeOffset now)
    {
        var contract = served.Contract;
        var present = 0;
        var newest = 0L;
        var missing = new List<string>();
        for (var i = 0; i < vector.Values.Length; i++)
        {
            if (vector.Values[i] is not null) present++;
            else if (contract.Required.Contains(served.Features.Features[i].Name)) missing.Add(served.Features.Features[i].Name);
            newest = Math.Max(newest, vector.NewestInputTicks[i]);
        }
        if (missing.Count > 0) return No(NoScoreReason.MissingInputs, $"Required inputs are missing: {string.Join(", ", missing)}.");
        var share = vector.Values.Length == 0 ? 0 : (double)present / vector.Values.Length;
        if (share < contract.PresentShareMin)
            return No(NoScoreReason.MissingInputs, $"{present} of {vector.Values.Length} inputs are present; {contract.PresentShareMin:P0} are needed.");
        if (contract.InputAgeMax is { } limit && now.UtcTicks - newest > limit.Ticks)
            return No(NoScoreReason.StaleData, newest == 0
                ? "There is no dated input."
                : $"The newest input is {TimeSpan.FromTicks(now.UtcTicks - newest).TotalHours:F1} h old; at most {limit.TotalHours:F1} h is allowed.");
        return null;
    }

    private static ScoreResult No(NoScoreReason reason, string detail) => ScoreResult.Refused(reason, detail);

    [LoggerMessage(Level = LogLevel.Error, Message = "Failed to score with {Version}; the facts were kept")]
    private partial void FailedToScore(Exception error, ModelVersion version);
}
