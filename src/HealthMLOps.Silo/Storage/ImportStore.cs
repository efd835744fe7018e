using HealthMLOps.Clinical;
using HealthMLOps.Privacy;

namespace HealthMLOps.Storage;

/// <summary>How far each import has come, chunk by chunk, so that it goes on where it stopped.</summary>
public sealed class ImportStore(Database database, SealedText words)
{
    /// <summary>Names of imports and files are an operator's own words.</summary>
    private const string SealContext = "import";
    private const string Columns = "import_id, name, source, begun_ticks, state, files";

    /// <summary>Notes a new import. Repeating it changes nothing.</summary>
    public Task Begin(StoredImport import, CancellationToken cancellation) => database.Change(
        """
        INSERT INTO imports (import_id, name, source, begun_ticks, state, files) VALUES (@import, @name, @source, @begun, @state, @files)
        ON CONFLICT (import_id) DO NOTHING
        """,
        cancellation, ("@import", import.Id), ("@name", words.Seal(import.Name, SealContext)), ("@source", import.Source.Value), ("@begun", import.Begun.UtcTicks),
        ("@state", import.State), ("@files", words.Seal(import.Files, SealContext)));

    /// <summary>Notes that a chunk is durably dealt with. The first note of a chunk stands, so that a repeat is not counted twice.</summary>
    public Task Done(string import, ImportedChunk chunk, CancellationToken cancellation) => database.Change(
        "INSERT INTO import_chunks (import_id, file, chunk, counts) VALUES (@import, @file, @chunk, @counts) ON CONFLICT (import_id, file, chunk) DO NOTHING",
        cancellation, ("@import", import), ("@file", (long)chunk.File), ("@chunk", (long)chunk.Chunk), ("@counts", chunk.Counts));

    /// <summary>Notes that an import has ended; false where it is unknown.</summary>
    public async Task<bool> End(string import, string state, CancellationToken cancellation) =>
        await database.Change("UPDATE imports SET state = @state WHERE import_id = @import", cancellation, ("@state", state), ("@import", import)) == 1;

    public async Task<StoredImport?> Get(string import, CancellationToken cancellation)
    {
        var found = await database.Query($"SELECT {Columns} FROM imports WHERE import_id = @import", ImportOf, cancellation, ("@import", import));
        return found.Count == 0 ? null : found[0];
    }

    /// <summary>The chunks of an import that are dealt with, by file and number.</summary>
    public Task<IReadOnlyList<ImportedChunk>> Chunks(string import, CancellationToken cancellation) => database.Query(
        "SELECT file, chunk, counts FROM import_chunks WHERE import_id = @import ORDER BY file, chunk",
        row => new ImportedChunk((int)row.GetInt64(0), (int)row.GetInt64(1), row.GetString(2)), cancellation, ("@import", import));

    /// <summary>All imports, newest first.</summary>
    public Task<IReadOnlyList<StoredImport>> List(int countMax, CancellationToken cancellation) => database.Query(
        $"SELECT {Columns} FROM imports ORDER BY begun_ticks DESC, import_id LIMIT @count", ImportOf, cancellation, ("@count", countMax));

    private StoredImport ImportOf(System.Data.Common.DbDataReader row) => new(
        row.GetString(0), words.Open(row.GetString(1), SealContext), new SourceName(row.GetString(2)), new DateTimeOffset(row.GetInt64(3), TimeSpan.Zero), row.GetString(4), words.Open(row.GetString(5), SealContext));
}
