using HealthMLOps.Audit;
using HealthMLOps.Clinical;
using HealthMLOps.Hosting;
using HealthMLOps.Privacy;
using HealthMLOps.Signatures;

namespace HealthMLOps.Access;

/// <summary>Breaking glass: open, list, review.</summary>
public static class BreakGlassEndpoints
{
    public static void MapBreakGlass(this IEndpointRouteBuilder routes)
    {
        var glass = routes.MapGroup("/api/v1/break-glass").WithTags("break-glass");
        glass.MapPost("/", Open).Requires(Permission.BreakGlass);
        glass.MapGet("/", List).Requires(Permission.ReviewBreakGlass);
        glass.MapGet("/{id}", Show).Requires(Permission.ReviewBreakGlass);
        glass.MapPost("/{id}/review", Review).Requires(Permission.ReviewBreakGlass);
    }

    private static Task<IResult> Open(
        OpenRequest asked, HttpContext http, BreakGlassBoard board, Reauthentication reauthentication, AuditBook record, IdentityKeys keys, SiloSettings settings, TimeProvider time) =>
        PeopleEndpoints.Try(async () =>
        {
            var caller = http.Caller();
            if (!await reauthentication.Proves(caller, asked.Credential ?? "", http.RequestAborted))
            {
                await record.Record(record.By(caller, "break-glass.open") with { Outcome = "reauthentication-failed" });
                throw new AccessRefused(403, "reauthentication", "Breaking glass needs the caller's own credential repeated in the request.");
            }
            var scope = ScopeOf(asked, http, keys, settings);
            var length = TimeSpan.FromMinutes(asked.Minutes ?? 30);
            var former = (await board.All(http.RequestAborted)).Where(use => use.Person == caller.Person);
            var entry = record.By(caller, "break-glass.open") with { Purpose = Purposes.BreakGlass, Patient = scope.Patient, Object = $"{asked.Reason} {scope.Unit}".Trim() };
            if (BreakGlassRules.Refusal(former, asked.Reason ?? "", asked.Explanation ?? "", length) is { } refusal)
            {
                await record.Record(entry with { Object = scope.Unit, Outcome = "refused" });
                throw new AccessRefused(409, "break-glass", refusal);
            }
            await record.Record(entry);
            var use = await board.Open(caller.Person, asked.Reason!, asked.Explanation!.Trim(), scope, length, http.RequestAborted);
            return Results.Json(Shown(use, time.GetUtcNow()), statusCode: 201);
        });

    private static async Task<IResult> List(HttpContext http, BreakGlassBoard board, TimeProvider time) =>
        Results.Json((await board.All(http.RequestAborted)).Select(use => Shown(use, time.GetUtcNow())));

    private static Task<IResult> Show(string id, HttpContext http, BreakGlassBoard board, AuditBook record, TimeProvider time) => PeopleEndpoints.Try(async () =>
    {
        var use = await Known(id, board, http.RequestAborted);
        await record.Record(record.By(http.Caller(), "break-glass.read") with { Object = use.Id, Patient = use.Scope.Patient });
        return Results.Json(new { use = Shown(use, time.GetUtcNow()), explanation = await board.Explanation(id, http.RequestAborted) });
    });

    private static Task<IResult> Review(string id, ReviewRequest asked, HttpContext http, BreakGlassBoard board, AuditBook record, TimeProvider time) => PeopleEndpoints.Try(async () =>
    {
        if (!BreakGlassRules.Verdicts.Contains(asked.Verdict ?? "")) throw PeopleEndpoints.Bad("verdict", $"A verdict is one of {string.Join(", ", BreakGlassRules.Verdicts)}.");
        var use = await Known(id, board, http.RequestAborted);
        if (use.Person == http.Caller().Person) throw new AccessRefused(403, "own-use", "Nobody reviews their own use of broken glass.");
        await record.Record(record.By(http.Caller(), "break-glass.review") with { Object = $"{use.Id} {asked.Verdict}", Patient = use.Scope.Patient });
        if (!await board.Review(id, http.Caller().Person, asked.Verdict!, http.RequestAborted)) throw new AccessRefused(409, "reviewed", "This use has been reviewed before; the first review stands.");
        return Results.Json(Shown(await Known(id, board, http.RequestAborted), time.GetUtcNow()));
    });

    private static BreakGlassScope ScopeOf(OpenRequest asked, HttpContext http, IdentityKeys keys, SiloSettings settings)
    {
        if (asked.Patient is null == asked.Unit is null) throw PeopleEndpoints.Bad("scope", "Glass is broken for one 'patient' (the EHR's id) or one 'unit'.");
        if (asked.Unit is { } unit) return unit.Length is > 0 and <= 60 && !unit.Contains(' ', StringComparison.Ordinal) ? BreakGlassScope.Of(unit) : throw PeopleEndpoints.Bad("unit", "A unit is a name without spaces.");
        var source = asked.Source is null ? http.SourceOf(settings) : SourceName.IsName(asked.Source) ? new SourceName(asked.Source) : null;
        return source is { } known && asked.Patient is { IsEmpty: false } id ? BreakGlassScope.Of(keys.Patient(known, id)) : throw PeopleEndpoints.Bad("source", "'source' names no configured source.");
    }

    private static async Task<BreakGlass> Known(string id, BreakGlassBoard board, CancellationToken cancellation) =>
        (await board.All(cancellation)).FirstOrDefault(use => use.Id == id) ?? throw new AccessRefused(404, "unknown-use", "No use of broken glass has that id.");

    private static object Shown(BreakGlass use, DateTimeOffset now) => new
    {
        id = use.Id,
        person = use.Person,
        reason = use.Reason,
        patient = use.Scope.Patient?.Value,
        unit = use.Scope.Unit,
        opened = use.Opened,
        closes = use.Closes,
        open = use.IsOpen(now),
        reviewDue = BreakGlassRules.ReviewDue(use.Opened),
        overdue = use.Verdict is null && now >= BreakGlassRules.ReviewDue(use.Opened),
        reviewedBy = use.ReviewedBy,
        verdict = use.Verdict,
    };

    /// <param name="Patient">The EHR's patient id.</param>
    /// <param name="Credential">The caller's own, repeated.</param>
    public sealed record OpenRequest(string? Reason, string? Explanation, Phi? Patient, string? Source, string? Unit, int? Minutes, string? Credential)
    {
        public override string ToString() => "[open request]";
    }

    public sealed record ReviewRequest(string? Verdict)
    {
        public override string ToString() => "[review request]";
    }
}
