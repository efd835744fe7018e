using HealthMLOps.Clinical;

namespace HealthMLOps.Storage;

/// <param name="Id">Digest of name, source and files.</param>
/// <param name="Name">For people.</param>
/// <param name="Source">The EHR that the files came from.</param>
/// <param name="Begun">When it was begun.</param>
/// <param name="State">One of the constants here.</param>
/// <param name="Files">The files as JSON: name, bytes, digest.</param>
public sealed record StoredImport(string Id, string Name, SourceName Source, DateTimeOffset Begun, string State, string Files)
{
    public const string Running = "running";
    public const string Complete = "complete";
}

/// <param name="File">Index of the file in the import.</param>
/// <param name="Chunk">Number of the chunk in the file, from 0.</param>
/// <param name="Counts">What became of its lines, as JSON.</param>
public sealed record ImportedChunk(int File, int Chunk, string Counts);
