using HealthMLOps.Clinical;

namespace HealthMLOps.Storage;

/// <summary>How far each bulk import has come, so that it goes on where it stopped.</summary>
public sealed class ImportStore(Database database)
{
    /// <summary>Notes a new import. Repeating it changes nothing.</summary>
    public async Task Begin(string import, SourceName source, DateTimeOffset begun, CancellationToken cancellation) =>
        await database.Change(
            "INSERT INTO imports (import_id, source, begun_ticks, state) VALUES (@import, @source, @begun, @state) ON CONFLICT (import_id) DO NOTHING",
            cancellation, ("@import", import), ("@source", source.Value), ("@begun", begun.UtcTicks), ("@state", ImportState.Running));

    /// <summary>Notes how far a file has come; an older checkpoint that arrives late changes nothing.</summary>
    public async Task Checkpoint(string import, ImportedFile file, CancellationToken cancellation) =>
        await database.Change(
            """
            INSERT INTO import_files (import_id, file, line_offset, admitted, repeated, quarantined, done)
            VALUES (@import, @file, @offset, @admitted, @repeated, @quarantined, @done)
            ON CONFLICT (import_id, file) DO UPDATE SET
                line_offset = excluded.line_offset, admitted = excluded.admitted, repeated = excluded.repeated,
                quarantined = excluded.quarantined, done = excluded.done
            WHERE excluded.line_offset >= import_files.line_offset AND NOT import_files.done
            """,
            cancellation, ("@import", import), ("@file", file.Name), ("@offset", file.LineOffset), ("@admitted", file.Admitted),
            ("@repeated", file.Repeated), ("@quarantined", file.Quarantined), ("@done", file.Done));

    /// <summary>Notes that an import has ended; false where it is unknown.</summary>
    public async Task<bool> End(string import, string state, CancellationToken cancellation) =>
        await database.Change("UPDATE imports SET state = @state WHERE import_id = @import", cancellation, ("@state", state), ("@import", import)) == 1;

    public async Task<ImportState?> Get(string import, CancellationToken cancellation)
    {
        var found = await database.Query("SELECT source, begun_ticks, state FROM imports WHERE import_id = @import",
            row => (Source: new SourceName(row.GetString(0)), Begun: row.GetInt64(1), State: row.GetString(2)), cancellation, ("@import", import));
        if (found.Count == 0) return null;
        var files = await database.Query(
            "SELECT file, line_offset, admitted, repeated, quarantined, done FROM import_files WHERE import_id = @import ORDER BY file",
            row => new ImportedFile(row.GetString(0), row.GetInt64(1), row.GetInt64(2), row.GetInt64(3), row.GetInt64(4), row.GetBoolean(5)),
            cancellation, ("@import", import));
        return new ImportState(import, found[0].Source, new DateTimeOffset(found[0].Begun, TimeSpan.Zero), found[0].State, files);
    }

    /// <summary>The ids of all imports, newest first.</summary>
    public Task<IReadOnlyList<string>> List(int countMax, CancellationToken cancellation) =>
        database.Query("SELECT import_id FROM imports ORDER BY begun_ticks DESC, import_id LIMIT @count", row => row.GetString(0), cancellation, ("@count", countMax));
}
