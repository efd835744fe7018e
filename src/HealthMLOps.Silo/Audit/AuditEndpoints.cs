using System.Text;
using System.Text.Json.Nodes;
using HealthMLOps.Access;
using HealthMLOps.Hosting;
using HealthMLOps.Privacy;
using HealthMLOps.Problems;

namespace HealthMLOps.Audit;

/// <summary>The record: search, one entry with its proof, checkpoints, keys, export. Looking into the record is itself on the record. Who may not read all of it reads the entries of their own acts.</summary>
public static class AuditEndpoints
{
    public const int CountMax = 1_000;
    public const int CountDefault = 100;

    public static void MapAudit(this IEndpointRouteBuilder routes)
    {
        var audit = routes.MapGroup("/api/v1/audit").WithTags("audit");
        audit.MapGet("/entries", Search).Requires(Permission.ReadOwnRecord);
        audit.MapGet("/entries/{entry}", Show).Requires(Permission.ReadOwnRecord);
        audit.MapGet("/checkpoints", Checkpoints).Requires(Permission.ReadOwnRecord);
        audit.MapPost("/checkpoints", SignNow).Requires(Permission.VerifyAudit);
        audit.MapGet("/consistency", Consistency).Requires(Permission.ReadOwnRecord);
        audit.MapGet("/keys", Keys).Requires(Permission.ReadOwnRecord);
        audit.MapPost("/keys", Rotate).Requires(Permission.ManageKeys);
        audit.MapGet("/export", Export).Requires(Permission.VerifyAudit);
        audit.MapRecordKeeping();
    }

    private static async Task<IResult> Search(HttpContext http, int? count, SiloSettings settings, IdentityKeys keys, AuditStore store, AuditBook record)
    {
        if (count is < 1 or > CountMax) return Problem.Of(400, "count", $"Query 'count' is 1 to {CountMax}; got {count}.");
        if (!AuditQuery.TryRead(http, settings, keys, out var question, out var fault)) return Problem.Of(400, "filter", fault);
        if (!ReadsAll(http))
        {
            var self = http.Caller().Person;
            if (question.Person is { } other && other != self) return Problem.Of(403, "own-record", "This role reads the record of one's own acts only.");
            question = question with { Person = self };
        }
        await record.Record(record.By(http, "record.search") with { Patient = question.Patient, Object = question.Object });
        var limit = count ?? CountDefault;
        var found = await store.Find(question, limit, http.RequestAborted);
        return Results.Json(new { items = found.Select(Json), next = found.Count == limit ? AuditQuery.Cursor(found[^1]) : null });
    }

    private static async Task<IResult> Show(string entry, HttpContext http, AuditStore store, AuditTree tree, CheckpointStore checkpoints, AuditBook record)
    {
        if (AuditPlace.Parse(entry) is not { } place || await store.Get(place, http.RequestAborted) is not { IsHidden: false } found
            || !(ReadsAll(http) || found.Event.Entry.Person == http.Caller().Person))
            return Problem.Of(404, "unknown-entry", "The record shows no entry with that id; ids are like '3-17'.");
        await record.Record(record.By(http, "record.read") with { Object = "entry " + place, Patient = found.Event.Entry.Patient });
        var json = Json(found);
        json["canonical"] = Encoding.UTF8.GetString(found.Event.ToBytes());
        if (found.Event.Commitment is { } commitment && await store.SealedPayload(place, http.RequestAborted) is { } sealedPayload)
        {
            var (salt, payload) = record.Open(sealedPayload, commitment);
            json["payload"] = new JsonObject { ["salt"] = Convert.ToHexStringLower(salt), ["text"] = payload };
        }
        json["proof"] = found.Leaf is { } leaf && await checkpoints.Covering(leaf + 1, http.RequestAborted) is { } signed
            ? new JsonObject
            {
                ["checkpoint"] = signed.Note,
                ["path"] = await Path(MerkleProof.Inclusion(leaf, signed.Checkpoint.Size), tree, http.RequestAborted),
            }
            : null;
        return Results.Json(json);
    }

    /// <summary>Whether the caller reads everybody's entries; others read their own.</summary>
    private static bool ReadsAll(HttpContext http) => RolePermissions.Has(http.Caller().Roles, Permission.ReadAudit);

    private static async Task<IResult> Checkpoints(long? from, long? to, int? count, HttpContext http, CheckpointStore checkpoints)
    {
        if (count is < 1 or > CountMax) return Problem.Of(400, "count", $"Query 'count' is 1 to {CountMax}; got {count}.");
        var found = await checkpoints.Between(from ?? 0, to ?? long.MaxValue, count ?? CountDefault, http.RequestAborted);
        return Results.Json(new { items = found.Select(Json), next = found.Count == (count ?? CountDefault) ? found[^1].Checkpoint.Size + 1 : (long?)null });
    }

    private static async Task<IResult> SignNow(IGrainFactory grains, CheckpointStore checkpoints, HttpContext http)
    {
        await grains.GetGrain<IAuditGrain>(IAuditGrain.Key).Checkpoint();
        return await checkpoints.Last(http.RequestAborted) is { } last ? Results.Json(Json(last), statusCode: 201) : Problem.Of(409, "empty", "The record has no entry yet.");
    }

    private static async Task<IResult> Consistency(long? from, long? to, HttpContext http, AuditTree tree)
    {
        var size = await tree.Size(http.RequestAborted);
        var (former, latter) = (from ?? 0, to ?? size);
        if (former < 1 || former > latter || latter > size) return Problem.Of(400, "sizes", $"Queries 'from' and 'to' are sizes with 1 <= from <= to <= {size}; got {former} and {latter}.");
        return Results.Json(new { from = former, to = latter, path = await Path(MerkleProof.Consistency(former, latter), tree, http.RequestAborted) });
    }

    private static async Task<IResult> Keys(HttpContext http, CheckpointStore checkpoints, IGrainFactory grains)
    {
        await grains.GetGrain<IAuditGrain>(IAuditGrain.Key).Checkpoint(); // The first checkpoint makes the first key.
        return Results.Json(new { keys = (await checkpoints.Keys(http.RequestAborted)).Select(k => new { id = k.IdText, line = k.ToString() }) });
    }

    private static Task<IResult> Rotate(HttpContext http, AuditSigner signer, CheckpointStore checkpoints, SecondPerson second, TimeProvider time) => PeopleEndpoints.Try(async () =>
    {
        var waits = await second.Ask(http.Caller(), new AccessAct.RotateRecordKey(await signer.Current(http.RequestAborted)), http.RequestAborted);
        var id = await signer.Current(http.RequestAborted);
        var line = waits is null ? (await checkpoints.Keys(http.RequestAborted)).Single(k => k.IdText == id).ToString() : "";
        return SecondPersonEndpoints.Answer(waits, () => Results.Json(new { id, line }, statusCode: 201), time);
    });

    private static async Task<IResult> Export(long? from, HttpContext http, IGrainFactory grains, CheckpointStore checkpoints, RecordExport export, AuditBook record)
    {
        var start = from ?? 0;
        if (start != 0 && (await checkpoints.Between(start, start, 1, http.RequestAborted)).Count == 0)
            return Problem.Of(400, "from", $"Query 'from' is 0 or the size of a checkpoint; {start} is neither.");
        await record.Record(record.By(http, "record.export"));
        await grains.GetGrain<IAuditGrain>(IAuditGrain.Key).Checkpoint();
        var last = await checkpoints.Last(http.RequestAborted) ?? throw new RecordBroken("The record has no checkpoint, though it was just signed.");
        return Results.Stream(output => export.Write(start, last, output, http.RequestAborted), "application/x-ndjson");
    }

    internal static JsonObject Json(RecordedEntry recorded)
    {
        var (place, entry) = (recorded.Event.Place, recorded.Event.Entry);
        return new JsonObject
        {
            ["id"] = place.ToString(), ["leaf"] = recorded.Leaf, ["at"] = entry.At, ["person"] = entry.Person, ["account"] = entry.Account, ["role"] = entry.Role,
            ["purpose"] = entry.Purpose, ["action"] = entry.Action, ["outcome"] = entry.Outcome, ["object"] = entry.Object, ["patient"] = entry.Patient?.Value,
            ["correlation"] = entry.Correlation, ["commitment"] = recorded.Event.Commitment is { } c ? Convert.ToHexStringLower(c) : null,
            ["digest"] = Convert.ToHexStringLower(recorded.Digest),
        };
    }

    private static JsonObject Json(SignedCheckpoint signed) => new()
    {
        ["size"] = signed.Checkpoint.Size, ["at"] = signed.Checkpoint.At, ["root"] = Convert.ToHexStringLower(signed.Checkpoint.Root), ["note"] = signed.Note,
    };

    private static async Task<JsonArray> Path(IReadOnlyList<MerkleRange> ranges, AuditTree tree, CancellationToken cancellation)
    {
        var path = new JsonArray();
        foreach (var range in ranges) path.Add((JsonNode)Convert.ToHexStringLower(await tree.Root(range, cancellation)));
        return path;
    }
}
