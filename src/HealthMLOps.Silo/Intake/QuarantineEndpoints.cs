using System.Globalization;
using System.Text.Json.Nodes;
using HealthMLOps.Access;
using HealthMLOps.Audit;
using HealthMLOps.Clinical;
using HealthMLOps.Problems;
using HealthMLOps.Storage;

namespace HealthMLOps.Intake;

/// <summary>What could not be used: list, look, replay after a fix.</summary>
public static class QuarantineEndpoints
{
    public const int CountMax = 1_000;
    public const int CountDefault = 100;

    public static void MapQuarantine(this IEndpointRouteBuilder routes)
    {
        var quarantine = routes.MapGroup("/api/v1/quarantine").WithTags("quarantine");
        quarantine.MapGet("/", List).Requires(Permission.ReadQuarantine);
        quarantine.MapGet("/{id:long}", Show).Requires(Permission.ReadQuarantine);
        quarantine.MapPost("/{id:long}/replay", ReplayOne).Requires(Permission.ReplayQuarantine);
        quarantine.MapPost("/replay", ReplayAll).Requires(Permission.ReplayQuarantine);
    }

    private static async Task<IResult> List(string? source, string? reason, string? status, int? count, long? after, HttpContext http, QuarantineStore store)
    {
        if (Filter(source, reason, status) is not { } filter) return BadFilter();
        if (count is < 1 or > CountMax) return Problem.Of(400, "count", $"Query 'count' is 1 to {CountMax}; got {count}.");
        var items = await store.Find(filter, after ?? 0, count ?? CountDefault, http.RequestAborted);
        return Results.Json(new { items = items.Select(Item), next = items.Count == (count ?? CountDefault) ? items[^1].Id : (long?)null });
    }

    private static async Task<IResult> Show(long id, HttpContext http, QuarantineStore store, QuarantineDesk desk, AccessBook book)
    {
        if (await store.Get(id, http.RequestAborted) is not { } found) return Unknown();
        await book.Read(http, "quarantine.read");
        var item = Item(found.Item);
        if (found.Item.Status != QuarantineItem.Erased) item["payload"] = System.Text.Encoding.UTF8.GetString(desk.Open(found));
        return Results.Json(item);
    }

    private static async Task<IResult> ReplayOne(long id, HttpContext http, QuarantineStore store, QuarantineReplay replay, AuditBook record)
    {
        if (await store.Get(id, http.RequestAborted) is not { } found) return Unknown();
        await record.Record(record.By(http, "quarantine.replay") with { Object = string.Create(CultureInfo.InvariantCulture, $"quarantine {id}") });
        var refused = await replay.Replay(found, http.RequestAborted);
        return Results.Json(new { replayed = refused is null, reason = refused?.Code, detail = refused?.Reason });
    }

    private static async Task<IResult> ReplayAll(string? source, string? reason, HttpContext http, QuarantineStore store, QuarantineReplay replay, AuditBook record)
    {
        if (Filter(source, reason, "open") is not { } filter) return BadFilter();
        await record.Record(record.By(http, "quarantine.replay"));
        var (replayed, still, after) = (0, 0, 0L);
        while (await store.Find(filter, after, CountDefault, http.RequestAborted) is { Count: > 0 } page)
            foreach (var item in page)
            {
                after = item.Id;
                if (await store.Get(item.Id, http.RequestAborted) is not { } found) continue;
                if (await replay.Replay(found, http.RequestAborted) is null) replayed++;
                else still++;
            }
        return Results.Json(new { replayed, stillRefused = still });
    }

    private static JsonObject Item(QuarantineItem item) => new()
    {
        ["id"] = item.Id,
        ["at"] = item.Arrived,
        ["source"] = item.Source.Value,
        ["reason"] = item.Reason,
        ["detail"] = item.Detail,
        ["status"] = item.Status == QuarantineItem.Waiting ? "open" : item.Status,
        ["times"] = item.Times,
    };

    private static QuarantineFilter? Filter(string? source, string? reason, string? status)
    {
        if (source is not null && !SourceName.IsName(source)) return null;
        string? stored = status switch { null or "open" => QuarantineItem.Waiting, "replayed" => QuarantineItem.Replayed, "discarded" => QuarantineItem.Discarded, "erased" => QuarantineItem.Erased, "all" => null, _ => "" };
        return stored == "" ? null : new QuarantineFilter(source is null ? null : new SourceName(source), reason, stored);
    }

    private static IResult BadFilter() => Problem.Of(400, "filter", "Query 'status' is open, replayed, discarded, erased or all; 'source' is a source's name.");

    private static IResult Unknown() => Problem.Of(404, "unknown-item", "No quarantined item has that id.");
}
