using System.Text.Json;
using System.Text.Json.Nodes;
using HealthMLOps.Hosting;

namespace HealthMLOps.Imports;

/// <summary>Sends files to the server in acknowledged chunks, class after class, and leaves out what the server already holds.</summary>
/// <param name="parallel">Chunks in flight at once.</param>
public sealed class Import(SiloClient silo, IReadOnlyList<SourceFile> files, int parallel)
{
    public ImportTally Tally { get; } = new();

    /// <summary>Opens the import, or finds it again: the same name and files are the same import.</summary>
    /// <param name="digests">The files' SHA-256, in their order.</param>
    public async Task<ImportProgress> Open(string name, string? source, int chunkLines, IReadOnlyList<string> digests, CancellationToken stop)
    {
        var listed = files.Zip(digests, (file, sha256) => (JsonNode)new JsonObject { ["name"] = file.Name, ["bytes"] = file.Bytes, ["sha256"] = sha256 });
        var order = new JsonObject { ["name"] = name, ["source"] = source, ["chunkLines"] = chunkLines, ["files"] = new JsonArray([.. listed]) };
        return ImportProgress.Read(await silo.Post(ApiPath.Of("imports"), order, stop));
    }

    /// <summary>Sends what is missing. A class begins when every chunk of the class before it is acknowledged.</summary>
    public async Task Send(ImportProgress held, int chunkLines, Action acknowledged, CancellationToken stop)
    {
        var inFlight = new ParallelOptions { MaxDegreeOfParallelism = parallel, CancellationToken = stop };
        foreach (var sameClass in files.Index().GroupBy(file => file.Item.Class))
        {
            var missing = sameClass.SelectMany(file => Missing(file.Item, file.Index, held.Of(file.Item), chunkLines));
            await Parallel.ForEachAsync(missing, inFlight, async (parcel, cancelled) =>
            {
                using (parcel) Tally.Acknowledged(await Put(held.Id, parcel, cancelled), parcel.BytesOnDisk);
                acknowledged();
            });
        }
    }

    /// <summary>Tells the server that it has everything.</summary>
    /// <returns>The whole import's summary, runs before this one included.</returns>
    public Task<JsonElement> Complete(string id, CancellationToken stop) => silo.Post(ApiPath.Of("imports", id, "complete"), body: null, stop);

    private Task<JsonElement> Put(string id, Parcel parcel, CancellationToken stop)
    {
        var path = ApiPath.Of("imports", id, "files", $"{parcel.FileIndex}", "chunks", $"{parcel.Number}").Where(("firstLine", $"{parcel.FirstLine}"));
        return silo.Put(path, parcel.Body, stop);
    }

    private IEnumerable<Parcel> Missing(SourceFile file, int index, FileProgress held, int chunkLines)
    {
        if (held.IsComplete || (file.Form == FileForm.Document && held.Holds(0)))
        {
            Tally.DoneBefore(file.Bytes);
            return [];
        }
        return file.Form == FileForm.Document ? [new Parcel(file, index, Chunk: null, file.Bytes)] : MissingChunks(file, index, held, chunkLines);
    }

    private IEnumerable<Parcel> MissingChunks(SourceFile file, int index, FileProgress held, int chunkLines)
    {
        using var raw = file.OpenRaw();
        using var text = file.Unpacked(raw);
        var readBefore = 0L;
        foreach (var chunk in new ChunkCutter(chunkLines).Cut(text))
        {
            var bytesOnDisk = raw.Position - readBefore;
            readBefore = raw.Position;
            if (!held.Holds(chunk.Number))
            {
                yield return new Parcel(file, index, chunk, bytesOnDisk);
                continue;
            }
            Tally.DoneBefore(bytesOnDisk);
            chunk.Dispose();
        }
    }
}
