namespace HealthMLOps.Hosting;

/// <summary>For whom a command's result is written.</summary>
public enum OutputFormat
{
    /// <summary>For people.</summary>
    Table,
    /// <summary>For programs: one JSON document.</summary>
    Json,
}
