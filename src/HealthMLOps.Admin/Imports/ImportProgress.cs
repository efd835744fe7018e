using System.Text.Json;
using HealthMLOps.Hosting;

namespace HealthMLOps.Imports;

/// <summary>What the server already holds of an import, by its answer when the import is opened.</summary>
public sealed class ImportProgress
{
    private readonly IReadOnlyDictionary<string, FileProgress> _files;

    private ImportProgress(string id, int? chunkLines, IReadOnlyDictionary<string, FileProgress> files) =>
        (Id, ChunkLines, _files) = (id, chunkLines, files);

    public string Id { get; }

    /// <summary>How this import is cut, where the server says so: a resumed import must be cut as it was begun.</summary>
    public int? ChunkLines { get; }

    public bool HasBegun => _files.Values.Any(file => file.IsComplete || file.ChunksDone > 0);

    public FileProgress Of(SourceFile file) => _files.GetValueOrDefault(file.Name) ?? FileProgress.None;

    /// <exception cref="CommandFailed">The answer names no import.</exception>
    public static ImportProgress Read(JsonElement answer)
    {
        var id = answer.Words("id") ?? throw new CommandFailed(ExitCode.Refused, "The server's answer names no import.");
        var files = answer.Field("files") is { ValueKind: JsonValueKind.Array } list ? list.EnumerateArray() : [];
        var chunkLines = answer.Count("chunkLines");
        return new ImportProgress(id, chunkLines > 0 ? (int)chunkLines : null,
            files.ToDictionary(file => file.Words("name") ?? "", FileProgress.Read));
    }
}
