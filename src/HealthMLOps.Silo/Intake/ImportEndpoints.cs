using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using HealthMLOps.Access;
using HealthMLOps.Audit;
using HealthMLOps.Clinical;
using HealthMLOps.Hosting;
using HealthMLOps.Patients;
using HealthMLOps.Problems;
using HealthMLOps.Storage;

namespace HealthMLOps.Intake;

/// <summary>Loads history from files, chunk by chunk; a chunk that is acknowledged is durable, and may be sent again.</summary>
public static class ImportEndpoints
{
    public const int FilesMax = 100_000;
    public const int ListMax = 200;

    public static void MapImports(this IEndpointRouteBuilder routes)
    {
        var imports = routes.MapGroup("/api/v1/imports").WithTags("imports");
        imports.MapPost("/", Begin).Requires(Permission.Import);
        imports.MapGet("/", async (ImportStore store, HttpContext http) =>
            Results.Json((await store.List(ListMax, http.RequestAborted)).Select(i => new { id = i.Id, name = i.Name, source = i.Source.Value, begun = i.Begun, state = i.State }))).Requires(Permission.Import);
        imports.MapGet("/{id}", async (string id, ImportStore store, HttpContext http) => await Show(id, store, http.RequestAborted)).Requires(Permission.Import);
        imports.MapPut("/{id}/files/{file:int}/chunks/{chunk:int}", Chunk).Requires(Permission.Import);
        imports.MapPost("/{id}/complete", Complete).Requires(Permission.Import);
    }

    private static async Task<IResult> Begin(ImportRequest request, HttpContext http, SiloSettings settings, SourceBook sources, ImportStore store, ClinicalClock clock, AuditBook record)
    {
        var source = request.Source ?? settings.DefaultSource;
        if (!SourceName.IsName(source) || !sources.IsEnabled(new SourceName(source)))
            return Problem.Of(400, "unknown-source", $"source is one of {string.Join(", ", sources.Names)}.");
        if (request.Files is not { Count: > 0 and <= FilesMax }) return Problem.Of(400, "import-files", $"files names 1 to {FilesMax} files; got {request.Files?.Count ?? 0}.");
        var files = JsonSerializer.Serialize(request.Files, JsonSerializerOptions.Web);
        var id = "imp-" + Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(new { request.Name, source, request.ChunkLines, files })))[..16];
        await record.Record(record.By(http, "import.begin") with { Object = id });
        await store.Begin(new StoredImport(id, request.Name ?? "import", new SourceName(source), clock.Now, StoredImport.Running, files), http.RequestAborted);
        return await Show(id, store, http.RequestAborted);
    }

    private static async Task<IResult> Chunk(
        string id, int file, int chunk, HttpContext http, ImportStore store, Ingest ingest, ImportReader reader)
    {
        if (await store.Get(id, http.RequestAborted) is not { } import) return Unknown();
        var body = await RequestBody.Read(http, ImportReader.ChunkBytesMax);
        if (body is null) return Problem.Of(413, "chunk-size", $"A chunk has at most {ImportReader.ChunkBytesMax} bytes.");
        var isBundle = MediaTypes.Of(http) is MediaTypes.Fhir or MediaTypes.Json;
        using var read = isBundle ? reader.Document(body.Value) : reader.Lines(body.Value);
        var results = await ingest.Take(import.Source, read.Entries, FactOrigin.History, http.RequestAborted);
        var counts = ImportCounts.Of(results);
        await store.Done(id, new ImportedChunk(file, chunk, counts.ToJson()), http.RequestAborted);
        return Results.Json(counts);
    }

    private static async Task<IResult> Complete(string id, HttpContext http, ImportStore store)
    {
        if (!await store.End(id, StoredImport.Complete, http.RequestAborted)) return Unknown();
        return Results.Json(ImportCounts.Sum((await store.Chunks(id, http.RequestAborted)).Select(c => c.Counts)));
    }

    private static async Task<IResult> Show(string id, ImportStore store, CancellationToken cancellation)
    {
        if (await store.Get(id, cancellation) is not { } import) return Unknown();
        var chunks = (await store.Chunks(id, cancellation)).ToLookup(c => c.File, c => c.Chunk);
        var files = JsonSerializer.Deserialize<List<ImportFile>>(import.Files, JsonSerializerOptions.Web)!;
        return Results.Json(new JsonObject
        {
            ["id"] = import.Id,
            ["name"] = import.Name,
            ["source"] = import.Source.Value,
            ["state"] = import.State,
            ["files"] = new JsonArray([.. files.Select((f, i) => FileState(f, [.. chunks[i]], import.State))]),
            ["summary"] = JsonSerializer.SerializeToNode(ImportCounts.Sum((await store.Chunks(id, cancellation)).Select(c => c.Counts)), JsonSerializerOptions.Web),
        });
    }

    private static JsonObject FileState(ImportFile file, HashSet<int> done, string state)
    {
        var contiguous = 0;
        while (done.Contains(contiguous)) contiguous++;
        return new JsonObject
        {
            ["name"] = file.Name,
            ["chunksDone"] = contiguous,
            ["extra"] = new JsonArray([.. done.Where(c => c > contiguous).Order().Select(c => (JsonNode)c)]),
            ["complete"] = state == StoredImport.Complete,
        };
    }

    private static IResult Unknown() => Problem.Of(404, "unknown-import", "No import has that id.");

    public sealed record ImportRequest(string? Name, string? Source, int? ChunkLines, List<ImportFile>? Files)
    {
        public override string ToString() => "[import request]";
    }

    public sealed record ImportFile(string Name, long Bytes, string? Sha256)
    {
        public override string ToString() => "[import file]";
    }
}
