using System.Text.Json.Nodes;
using HealthMLOps.Access;
using HealthMLOps.Audit;
using HealthMLOps.Features;
using HealthMLOps.Hosting;
using HealthMLOps.Problems;
using HealthMLOps.Storage;

namespace HealthMLOps.Models;

/// <summary>Packages, registered versions and feature sets.</summary>
public static class ModelEndpoints
{
    public static void MapModels(this IEndpointRouteBuilder routes)
    {
        var api = routes.MapGroup("/api/v1").WithTags("models");
        api.MapPut("/packages", Upload).Requires(Permission.RegisterModel);
        api.MapGet("/packages/{digest}", Download).Requires(Permission.ReadModels);
        api.MapPost("/models", Register).Requires(Permission.RegisterModel);
        api.MapGet("/models", List).Requires(Permission.ReadModels);
        api.MapGet("/feature-sets", (FeatureLibrary library) => Results.Json(library.Names.Select(n => Summary(library.Named(n))))).Requires(Permission.ReadModels);
        api.MapGet("/feature-sets/{name}", (string name, FeatureLibrary library) => library.Has(name)
            ? Results.Json(Whole(library.Named(name)))
            : Problem.Of(404, "unknown-feature-set", $"Feature sets: {string.Join(", ", library.Names)}.")).Requires(Permission.ReadModels);
    }

    private static async Task<IResult> Upload(HttpContext http, PackageStore packages)
    {
        if (http.Request.ContentLength is > ModelPackage.PackageBytesMax)
            return Problem.Of(413, "package-size", $"A package has at most {ModelPackage.PackageBytesMax} bytes.");
        using var body = new MemoryStream();
        await http.Request.Body.CopyToAsync(body, http.RequestAborted);
        var bytes = body.ToArray();
        var digest = ModelPackage.DigestOf(bytes);
        try { ModelPackage.Open(bytes, digest); }
        catch (PackageRefused refused) { return Problem.Of(422, "package-refused", refused.Message); }
        await packages.Put(bytes, http.RequestAborted);
        return Results.Json(new { digest }, statusCode: 201);
    }

    private static async Task<IResult> Download(string digest, HttpContext http, PackageStore packages) =>
        await packages.Get(digest, http.RequestAborted) is { } bytes
            ? Results.Bytes(bytes, "application/zip")
            : Problem.Of(404, "unknown-package", "No package has that digest.");

    private static async Task<IResult> Register(
        RegisterRequest request, HttpContext http, ModelRegistrar registrar, AuditBook record)
    {
        try
        {
            await record.Record(record.By(http, "model.register") with
            {
                Object = request.PackageDigest is { Length: 64 } digest && digest.All(char.IsAsciiHexDigitLower) ? "package " + digest : null,
            });
            var model = await registrar.Register(request.PackageDigest ?? "", http.Actor(), http.RequestAborted);
            return Results.Json(Model(model), statusCode: 201);
        }
        catch (PackageRefused refused) { return Problem.Of(422, "package-refused", refused.Message); }
    }

    private static async Task<IResult> List(IGrainFactory grains, PlanBoard plans)
    {
        var register = await grains.GetGrain<IRegistryGrain>(IRegistryGrain.Key).List();
        var plan = plans.Current;
        return Results.Json(register.Models.Select(m =>
        {
            var json = Model(m);
            json["serving"] = plan.Find(m.Version) is not null;
            json["ring"] = plan.Find(m.Version)?.Ring;
            if (plan.Find(m.Version) is { Placement: not null } placed) json["validation"] = placed.Label;
            return json;
        }));
    }

    private static JsonObject Model(RegisteredModel model) => new()
    {
        ["version"] = model.Version.ToString(),
        ["packageDigest"] = model.PackageDigest,
        ["featureSet"] = model.Contract.FeatureSet,
        ["featureSetHash"] = model.Contract.FeatureSetHash,
        ["threshold"] = model.Contract.Threshold,
        ["outcome"] = model.Contract.IntendedUse.Outcome,
        ["intendedUse"] = model.Contract.IntendedUse.Statement,
        ["registeredAt"] = model.RegisteredAt,
        ["registeredBy"] = model.RegisteredBy,
        ["validation"] = PlanKeeper.UnvalidatedLabel,
    };

    private static JsonObject Summary(FeatureSet set) => new() { ["name"] = set.Name, ["hash"] = set.Hash, ["features"] = set.Features.Length };

    private static JsonObject Whole(FeatureSet set)
    {
        var json = Summary(set);
        json["features"] = new JsonArray([.. set.Features.Select(f => (JsonNode)f.Name)]);
        return json;
    }

    public sealed record RegisterRequest(string? PackageDigest)
    {
        public override string ToString() => "[register request]";
    }
}
