using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Nodes;
using HealthMLOps.Audit;
using HealthMLOps.Clinical;
using HealthMLOps.Models;
using HealthMLOps.Privacy;
using HealthMLOps.Problems;

namespace HealthMLOps.Patients;

/// <summary>Answers <c>…/risk</c>: a score with all that it needs beside it, or no score and why.</summary>
public sealed class RiskAnswers(IdentityKeys keys, IGrainFactory grains, PlanBoard plans, ScoreGuard guard, AccessBook book)
{
    /// <summary>Where a clinician says what they think of a score.</summary>
    public const string FeedbackPath = "/api/v1/feedback";

    private const string Channel = "rest";
    private const string Json = "application/json; charset=utf-8";

    public async Task<IResult> Risk(HttpContext http, SourceName source, Phi id, string? model)
    {
        await guard.Ensure(http.RequestAborted);
        var plan = plans.Current;
        if (model is null && plan.Names.Length > 1)
            return Problem.Of(400, "model", $"Query 'model' names one of: {string.Join(", ", plan.Names)}.");
        if (model is not null && !ModelVersion.IsModelName(model)) return Problem.Of(400, "model", "Query 'model' is a model's name: a-z, 0-9 and '-'.");
        var name = model ?? (plan.Names.IsEmpty ? "none" : plan.Names[0]);
        var patient = keys.Patient(source, id);
        var risk = await grains.GetGrain<IPatientGrain>(patient.Value).Risk(name);
        var recorded = book.Read(http, "risk.read", patient, risk.Known ? "ok" : "unknown-patient"); // Becomes durable while the answer is made.
        var served = risk.Prediction is null ? null : plan.Find(risk.Prediction.Model) ?? plans.Current.Find(risk.Prediction.Model);
        var contributions = risk.Prediction is { Score: not null } scored && served is not null
            ? await grains.GetGrain<IScoringGrain>(scored.Model.ToString()).Contributions(served.Row(scored.Values))
            : [];
        var answer = risk.Prediction is null || served is null ? NoScore(model, null, risk.NoScore ?? NoScoreReason.NoModel, risk.Detail ?? plan.WhyNothing)
            : risk.Prediction.Score is null ? NoScore(name, risk.Prediction, risk.Prediction.NoScore!.Value, risk.Prediction.NoScoreDetail!)
            : Score(risk.Prediction, served, contributions);
        var bytes = Bytes(answer);
        await recorded;
        if (!risk.Known) return PatientEndpoints.UnknownPatient();
        return new LiveAnswer(bytes, Json, () => guard.Why(risk, source.Value, Channel) is { } why ? Bytes(Withheld(risk, why)) : null);
    }

    private static byte[] Bytes(JsonObject json) => JsonSerializer.SerializeToUtf8Bytes(json);

    /// <summary>No score, with the halt, what to use instead, and the earlier prediction that must not be used any more.</summary>
    private static JsonObject Withheld(PatientRisk risk, Withheld why)
    {
        var json = NoScore(risk.Version!.Value.Model, null, why.Reason, why.Detail);
        json["version"] = risk.Version.Value.Number;
        json["fallback"] = why.Fallback;
        if (why.Halt is { } halt) json["halt"] = new JsonObject { ["id"] = halt.Id, ["scope"] = halt.Scope.ToString(), ["since"] = halt.At };
        if ((risk.Prediction?.AsOf ?? risk.Withdrawn) is { } open) json["openPrediction"] = new JsonObject { ["asOf"] = open, ["withdrawn"] = true };
        return json;
    }

    private static JsonObject NoScore(string? model, Prediction? prediction, NoScoreReason reason, string detail) => new()
    {
        ["model"] = prediction?.Model.Model ?? model,
        ["version"] = prediction?.Model.Number,
        ["asOf"] = prediction?.AsOf,
        ["noScore"] = new JsonObject { ["reason"] = Kebab.Of(reason.ToString()), ["detail"] = detail },
    };

    private static JsonObject Score(Prediction prediction, ServedModel served, ImmutableArray<Contribution> contributions) => new()
    {
        ["model"] = prediction.Model.Model,
        ["version"] = prediction.Model.Number,
        ["ring"] = served.Ring,
        ["score"] = prediction.Score,
        ["threshold"] = served.Contract.Threshold,
        ["band"] = RiskBands.Of(served.Contract, prediction.Score!.Value).Name,
        ["asOf"] = prediction.AsOf,
        ["validUntil"] = prediction.AsOf + served.Contract.ValidFor,
        ["inputs"] = Inputs(prediction, served),
        ["contributions"] = new JsonArray([.. contributions.Select(c => new JsonObject
        {
            ["feature"] = c.Feature, ["value"] = c.Value, ["reference"] = c.Reference, ["contribution"] = c.Change,
        })]),
        ["label"] = served.Label,
        ["feedback"] = served.Placement is null ? null : FeedbackPath,
        ["intendedUse"] = new JsonObject
        {
            ["statement"] = served.Contract.IntendedUse.Statement,
            ["population"] = served.Contract.IntendedUse.Population,
            ["outcome"] = served.Contract.IntendedUse.Outcome,
            ["horizonHours"] = served.Contract.IntendedUse.Horizon.TotalHours,
        },
        ["packageDigest"] = prediction.PackageDigest,
        ["setHash"] = prediction.FeatureSetHash,
    };

    private static JsonArray Inputs(Prediction prediction, ServedModel served)
    {
        var inputs = new JsonArray();
        for (var i = 0; i < prediction.Values.Length; i++)
        {
            var feature = served.Features.Features[i];
            var newest = prediction.NewestInputTicks[i];
            inputs.Add(new JsonObject
            {
                ["feature"] = feature.Name,
                ["value"] = FeatureAnswer.Value(feature, prediction.Values[i]),
                ["missing"] = prediction.Values[i] is null,
                ["effective"] = newest == 0 ? null : new DateTimeOffset(newest, TimeSpan.Zero),
                ["ageSeconds"] = newest == 0 ? null : Math.Round((prediction.AsOf.UtcTicks - newest) / (double)TimeSpan.TicksPerSecond),
            });
        }
        return inputs;
    }
}
