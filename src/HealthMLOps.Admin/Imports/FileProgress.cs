using System.Text.Json;
using HealthMLOps.Hosting;

namespace HealthMLOps.Imports;

/// <summary>Which chunks of one file the server has acknowledged.</summary>
/// <param name="ChunksDone">Chunks 0 to this, exclusive, are done,</param>
/// <param name="Extra">and these beyond.</param>
public sealed record FileProgress(long ChunksDone, IReadOnlySet<int> Extra, bool IsComplete)
{
    public static FileProgress None { get; } = new(0, new HashSet<int>(), IsComplete: false);

    public static FileProgress Read(JsonElement file) => new(
        file.Count("chunksDone"),
        file.Field("extra") is { ValueKind: JsonValueKind.Array } extra ? extra.EnumerateArray().Select(chunk => chunk.GetInt32()).ToHashSet() : [],
        file.Field("complete") is { ValueKind: JsonValueKind.True });

    public bool Holds(int chunk) => IsComplete || chunk < ChunksDone || Extra.Contains(chunk);
}
