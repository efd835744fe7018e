namespace HealthMLOps.Storage;

/// <summary>Where the record is kept, as the operator configured it.</summary>
public sealed record StorageOptions
{
    public const string FileName = "healthml.db";

    public StorageProvider Provider { get; init; } = StorageProvider.Sqlite;

    /// <summary>The embedded database, the owner credential and other files of this installation.</summary>
    public string DataFolder { get; init; } = "./data";

    /// <summary>PostgreSQL only.</summary>
    public string? ConnectionString { get; init; }

    /// <summary>Seals the key ring: 32 bytes, from a file that never enters the database.</summary>
    public required byte[] RootKey { get; init; }

    public LogLimits Log { get; init; } = new();

    /// <summary>The embedded database's file.</summary>
    public string SqliteFile => Path.Combine(DataFolder, FileName);
}
