namespace HealthMLOps.Imports;

/// <summary>How a file holds its resources.</summary>
public enum FileForm
{
    /// <summary>NDJSON: one resource a line.</summary>
    Lines,
    /// <summary>NDJSON, gzipped.</summary>
    PackedLines,
    /// <summary>One JSON document: a bundle or a single resource.</summary>
    Document,
}
