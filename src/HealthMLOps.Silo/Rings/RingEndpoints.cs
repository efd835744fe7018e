using System.Text.Json.Nodes;
using HealthMLOps.Access;
using HealthMLOps.Hosting;
using HealthMLOps.Models;
using HealthMLOps.Problems;

namespace HealthMLOps.Rings;

/// <summary>Deployment rings: look, plan, approve, advance, roll back, demote.</summary>
public static class RingEndpoints
{
    private const int ReasonCharsMax = 500;

    public static void MapRings(this IEndpointRouteBuilder routes)
    {
        var rings = routes.MapGroup("/api/v1/rings").WithTags("rings");
        rings.MapGet("/", List).Requires(Permission.ReadRings);
        rings.MapGet("/{model}", (string model, HttpContext http, RingDesk desk) =>
            Known(model) ?? desk.Show(model, http.RequestAborted)).Requires(Permission.ReadRings);
        rings.MapPost("/{model}/plan", Propose).Requires(Permission.PlanRollout);
        rings.MapPost("/{model}/approve", (string model, Approval asked, HttpContext http, RingDesk desk) => Known(model)
            ?? desk.Approve(http, Command(asked.Command), model, asked.Digest ?? "", asked.Role, asked.Credential ?? "")).Requires(Permission.Sign);
        rings.MapPost("/{model}/advance", (string model, Order asked, HttpContext http, RingDesk desk) => Known(model)
            ?? desk.Advance(http, Command(asked.Command), model)).Requires(Permission.AdvanceRing);
        rings.MapPost("/{model}/rollback", (string model, Order asked, HttpContext http, RingDesk desk) => Known(model) ?? Reasoned(asked.Reason)
            ?? desk.RollBack(http, Command(asked.Command), model, asked.Reason!)).Requires(Permission.AdvanceRing);
        rings.MapPost("/{model}/demote", Demote).Requires(Permission.AdvanceRing);
        rings.MapHalts();
        routes.MapShadowScores();
    }

    internal static string Command(string? given) =>
        given is { Length: > 0 and <= 64 } && given.All(c => char.IsAsciiLetterOrDigit(c) || c == '-') ? given : Guid.CreateVersion7().ToString("N");

    internal static Task<IResult>? Reasoned(string? reason) => string.IsNullOrWhiteSpace(reason) || reason.Length > ReasonCharsMax
        ? Task.FromResult(Problem.Of(400, "reason", $"'reason' says why in 1 to {ReasonCharsMax} characters; no patient in it.")) : null;

    private static IResult List(PlanBoard board, ClinicalClock clock)
    {
        var plan = board.Orders;
        return Results.Json(new JsonArray([.. from model in plan.Models from p in model.Placements.OrderBy(p => p.Stage)
            select (JsonNode)RingAnswers.Row(model.Model, p, plan, clock.Now)]));
    }

    private static async Task<IResult> Propose(string model, PlanRequest asked, HttpContext http, RingDesk desk, IGrainFactory grains)
    {
        if (Known(model) is { } bad) return await bad;
        if (!Enum.TryParse<RingStage>(asked.Ring, ignoreCase: true, out var ring) || ring == RingStage.Retired || asked.Ring!.Any(char.IsDigit))
            return Problem.Of(400, "ring", $"'ring' is shadow, canary or production; got '{asked.Ring}'.");
        var register = await grains.GetGrain<IRegistryGrain>(IRegistryGrain.Key).List();
        return register.Models.FirstOrDefault(m => m.Version.Model == model && m.Version.Number == asked.Version) is { } version
            ? await desk.Propose(http, Command(asked.Command), version, ring, asked.Units ?? [])
            : Problem.Of(404, "unknown-version", $"{model}@{asked.Version} is not registered.");
    }

    private static async Task<IResult> Demote(string model, DemotionRequest asked, HttpContext http, RingDesk desk)
    {
        if (Known(model) is { } bad) return await bad;
        if (Reasoned(asked.Reason) is { } unreasoned) return await unreasoned;
        if (asked.Version < 1) return Problem.Of(400, "version", "'version' is a version's number, 1 or more.");
        return asked.To is "shadow" or "retired"
            ? await desk.Demote(http, Command(asked.Command), new ModelVersion(model, asked.Version), asked.To == "shadow" ? RingStage.Shadow : RingStage.Retired, asked.Reason!)
            : Problem.Of(400, "to", $"'to' is shadow or retired; got '{asked.To}'.");
    }

    private static Task<IResult>? Known(string model) => ModelVersion.IsModelName(model)
        ? null : Task.FromResult(Problem.Of(404, "unknown-model", "A model's name is 1 to 40 of a-z, 0-9 and '-'."));

    public sealed record PlanRequest(int Version, string? Ring, string[]? Units, string? Command)
    {
        public override string ToString() => "[plan request]";
    }

    /// <param name="Digest">Of the plan that the signer has seen.</param>
    /// <param name="Role">The role to sign in, where the signer has several.</param>
    /// <param name="Credential">The signer's credential, repeated.</param>
    public sealed record Approval(string? Digest, string? Role, string? Credential, string? Command)
    {
        public override string ToString() => "[approval]";
    }

    public sealed record Order(string? Reason, string? Command)
    {
        public override string ToString() => "[order]";
    }

    public sealed record DemotionRequest(int Version, string? To, string? Reason, string? Command)
    {
        public override string ToString() => "[demotion request]";
    }
}
