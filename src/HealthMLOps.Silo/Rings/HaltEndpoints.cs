using System.Text.Json.Nodes;
using HealthMLOps.Access;
using HealthMLOps.Audit;
using HealthMLOps.Hosting;
using HealthMLOps.Privacy;
using HealthMLOps.Problems;

namespace HealthMLOps.Rings;

/// <summary>The kill switch: one person stops, two restart; and its drills.</summary>
public static class HaltEndpoints
{
    private const int ListedMax = 200;

    public static void MapHalts(this IEndpointRouteBuilder rings)
    {
        rings.MapGet("/halts", List).Requires(Permission.ReadRings);
        rings.MapPost("/halts", Halt).Requires(Permission.Halt);
        rings.MapPost("/halts/{id}/restart", Restart).Requires(Permission.Restart);
        rings.MapPost("/drills", Drill).Requires(Permission.Halt);
    }

    private static async Task<IResult> List(HttpContext http, PlanStore plans, HaltLog halts, RingBook rings, SealedText words)
    {
        var plan = await plans.Read(http.RequestAborted);
        return Results.Json(new JsonObject
        {
            ["standing"] = new JsonArray([.. plan.Halts.Select(h =>
            {
                var json = RingAnswers.Halt(h, words);
                json["checklist"] = RingAnswers.Texts(rings.Of(h.Scope).RestartChecklist);
                return (JsonNode)json;
            })]),
            ["past"] = new JsonArray([.. (await halts.Newest(ListedMax, http.RequestAborted)).Select(p => (JsonNode)Past(p, words))]),
        });
    }

    private static async Task<IResult> Halt(HaltRequest asked, HttpContext http, KillSwitch kill, RingBook rings, SealedText words, AuditBook book, ClinicalClock clock)
    {
        if (RingEndpoints.Reasoned(asked.Reason) is { } bad) return await bad;
        HaltScope scope;
        try { scope = HaltScope.Parse(asked.Scope ?? ""); }
        catch (Exception refused) when (refused is FormatException or ArgumentException) { return Problem.Of(400, "scope", refused.Message); }
        var order = Order(http, "halt-" + RingEndpoints.Command(asked.Command), scope, words.Seal(asked.Reason!, HaltLog.ReasonContext), clock);
        var outcome = await kill.Halt(order, Record(http, book, "halt", order, words));
        return Results.Json(RingAnswers.Outcome(outcome, rings.Of(scope).Fallback));
    }

    /// <summary>The first person asks with the checklist; a second one in another role lifts the halt.</summary>
    /// <remarks>Where a named person may restart, the owner's credential can ask (again) and never confirms: nobody knows which person holds it.</remarks>
    private static async Task<IResult> Restart(
        string id, RestartRequest asked, HttpContext http, PlanStore plans, KillSwitch kill, HaltLog halts, RingBook rings, AuditBook book, ClinicalClock clock,
        AccessBoard board, AccessConfiguration access, TimeProvider time)
    {
        var (by, roles) = (http.Caller().Person, http.Caller().Roles);
        var before = await plans.Read(http.RequestAborted);
        if (before.Halts.FirstOrDefault(h => h.Id == id) is not { Scope.Kind: not HaltKind.Drill } halt) return Problem.Of(404, "unknown-halt", "No halt of that id stands.");
        var policy = rings.Of(halt.Scope);
        var valid = TimeSpan.FromHours(policy.ApprovalHours);
        var mayBeSecond = !roles.Contains(Role.Owner) || !board.Current.IsHeldByAPerson(Permission.Restart, access, time.GetUtcNow());
        var isSecond = mayBeSecond && halt.Ask is { } ask && ask.By != by && clock.Now - ask.At < valid;
        PublishedPlan Change(PublishedPlan plan) => isSecond
            ? plan.Restart(id, by, roles, clock.Now, valid)
            : plan.AskRestart(id, by, roles, clock.Now, [.. asked.Confirmed ?? []], policy.RestartChecklist);
        var entry = book.By(http.Caller(), isSecond ? "halt.restart" : "halt.restart-ask") with { Object = id };
        try
        {
            Change(before);
            await book.Record(entry);
            var after = await plans.Change(Change, http.RequestAborted);
            var restoreMs = await kill.Spread(after);
            if (!isSecond) return Results.Json(new { id, state = "asked", askedBy = by, next = "Another person, in another role, confirms with the same command." });
            await halts.Lift(id, by, clock.Now, restoreMs, http.RequestAborted);
            return Results.Json(new { id, state = "restarted", askedBy = halt.Ask!.By, confirmedBy = by, restoreMs = Math.Round(restoreMs, 3) });
        }
        catch (RolloutRefused refused)
        {
            await book.Record(entry with { Outcome = "refused-" + refused.Code });
            return Problem.Of(409, refused.Code, refused.Message);
        }
    }

    /// <summary>Sends an order that stops nothing through every silo and back: measures the time to stop and to restore.</summary>
    private static async Task<IResult> Drill(DrillRequest asked, HttpContext http, KillSwitch kill, PlanStore plans, HaltLog halts, SealedText words, AuditBook book, ClinicalClock clock)
    {
        var id = "drill-" + RingEndpoints.Command(asked.Command);
        var order = Order(http, id, new HaltScope(HaltKind.Drill, id), words.Seal(asked.Reason is { Length: > 0 and <= 500 } said ? said : "drill", HaltLog.ReasonContext), clock);
        if ((await plans.Read(http.RequestAborted)).Halts.Length >= PublishedPlan.HaltsMax)
        {
            await book.Record(Record(http, book, "halt.drill-announced", order, words) with { Outcome = "refused-halts-full" });
            return Problem.Of(409, "halts-full", $"{PublishedPlan.HaltsMax} halts stand, as many as can; a drill has no place beside them.");
        }
        await book.Record(Record(http, book, "halt.drill-announced", order, words)); // A drill has the time to wait for its record.
        var outcome = await kill.Halt(order, Record(http, book, "halt.drill", order, words));
        var restoreMs = await kill.Spread(await plans.Change(plan => plan.EndDrill(id), http.RequestAborted));
        await halts.Lift(id, order.By, clock.Now, restoreMs, http.RequestAborted);
        var json = RingAnswers.Outcome(outcome, "none");
        json["restoreMs"] = Math.Round(restoreMs, 3);
        json["counts"] = outcome.Words == "confirmed";
        return Results.Json(json);
    }

    private static HaltOrder Order(HttpContext http, string id, HaltScope scope, string reason, ClinicalClock clock) =>
        new() { Id = id, Scope = scope, By = http.Caller().Person, At = clock.Now, Reason = reason };

    private static AuditEntry Record(HttpContext http, AuditBook book, string action, HaltOrder order, SealedText words) =>
        book.By(http.Caller(), action) with { Object = order.Scope.ToString(), Correlation = order.Id, Payload = RingAnswers.Halt(order, words).ToJsonString() };

    private static JsonObject Past(PastHalt past, SealedText words) => new JsonObject
    {
        ["id"] = past.Id, ["scope"] = past.Scope, ["by"] = past.By, ["at"] = past.At, ["reason"] = words.Open(past.Reason, HaltLog.ReasonContext), ["outcome"] = past.Outcome,
        ["stopMs"] = Math.Round(past.StopMs, 3), ["restoreMs"] = past.RestoreMs is { } ms ? Math.Round(ms, 3) : null, ["liftedAt"] = past.LiftedAt, ["liftedBy"] = past.LiftedBy,
    };

    public sealed record HaltRequest(string? Scope, string? Reason, string? Command)
    {
        public override string ToString() => "[halt request]";
    }

    public sealed record RestartRequest(string[]? Confirmed);

    public sealed record DrillRequest(string? Reason, string? Command)
    {
        public override string ToString() => "[drill request]";
    }
}
