using System.Text.Json.Nodes;
using HealthMLOps.Access;
using HealthMLOps.Audit;
using HealthMLOps.Features;
using HealthMLOps.Hosting;
using HealthMLOps.Patients;
using HealthMLOps.Problems;

namespace HealthMLOps.Training;

/// <summary>Starts and shows training runs.</summary>
public static class TrainingEndpoints
{
    public static IServiceCollection AddTraining(this IServiceCollection services) => services
        .AddSingleton<PolicyBook>().AddSingleton<TrainingQueue>().AddSingleton<TrainingSetBuilder>().AddSingleton<PackageMaker>()
        .AddSingleton(TimeProvider.System).AddHostedService<TrainingWork>();

    public static void MapTraining(this IEndpointRouteBuilder routes)
    {
        var runs = routes.MapGroup("/api/v1/runs").WithTags("training");
        runs.MapPost("/", Start).Requires(Permission.Train);
        runs.MapGet("/", async (IGrainFactory grains) => Results.Json((await Grain(grains).List()).Select(Run))).Requires(Permission.ReadModels);
        runs.MapGet("/{id}", async (string id, IGrainFactory grains) => await Grain(grains).Get(id) is { } run
            ? Results.Json(Run(run)) : Problem.Of(404, "unknown-run", "No training run has that id.")).Requires(Permission.ReadModels);
    }

    private static async Task<IResult> Start(RunRequest asked, HttpContext http, FeatureLibrary library, PackageMaker maker, IGrainFactory grains, AuditBook record)
    {
        if (asked.FeatureSet is null || !library.Has(asked.FeatureSet))
            return Problem.Of(400, "training-request", $"featureSet is one of {string.Join(", ", library.Names)}.");
        var request = new TrainingRequest
        {
            FeatureSet = asked.FeatureSet,
            Cohort = asked.Cohort ?? "",
            Label = asked.Label ?? "",
            Algorithm = asked.Algorithm ?? "fasttree",
            Seed = asked.Seed ?? 1,
            Folds = asked.Folds ?? 5,
            Model = asked.Model,
            Register = asked.Register ?? false,
        };
        if (maker.Refusal(request) is { } refusal) return Problem.Of(400, "training-request", refusal);
        await record.Record(record.By(http, "training.start") with { Object = request.Model ?? request.FeatureSet });
        var run = await Grain(grains).Start(request, http.Actor());
        return Results.Json(Run(run), statusCode: 202);
    }

    private static ITrainingGrain Grain(IGrainFactory grains) => grains.GetGrain<ITrainingGrain>(ITrainingGrain.Key);

    private static JsonObject Run(TrainingRun run)
    {
        var json = new JsonObject
        {
            ["id"] = run.Id,
            ["state"] = Kebab.Of(run.State.ToString()),
            ["stage"] = run.Stage,
            ["progress"] = run.Progress,
            ["featureSet"] = run.Request.FeatureSet,
            ["cohort"] = run.Request.Cohort,
            ["label"] = run.Request.Label,
            ["algorithm"] = run.Request.Algorithm,
            ["seed"] = run.Request.Seed,
            ["askedAt"] = run.AskedAt,
            ["askedBy"] = run.AskedBy,
            ["error"] = run.Error,
        };
        if (run.Result is not { } result) return json;
        json["packageDigest"] = result.PackageDigest;
        json["registered"] = result.Registered;
        json["metrics"] = new JsonObject
        {
            ["rows"] = result.Rows,
            ["positives"] = result.Positives,
            ["patients"] = result.Patients,
            ["folds"] = run.Request.Folds,
            ["auroc"] = result.Auroc,
            ["aurocLow"] = result.AurocLow,
            ["aurocHigh"] = result.AurocHigh,
            ["brier"] = result.Brier,
            ["onnxDifferenceMax"] = result.OnnxDifferenceMax,
            ["seconds"] = result.Seconds,
        };
        return json;
    }

    public sealed record RunRequest(
        string? FeatureSet, string? Cohort, string? Label, string? Algorithm, int? Seed, int? Folds, string? Model, bool? Register)
    {
        public override string ToString() => "[run request]";
    }
}
