namespace HealthMLOps.Storage;

/// <summary>The two databases that hold the record: SQLite inside the process, or a PostgreSQL server.</summary>
public enum StorageProvider { Sqlite, Postgres }
