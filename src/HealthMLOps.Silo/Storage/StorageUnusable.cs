namespace HealthMLOps.Storage;

/// <summary>The storage can't be used by this process: another one holds it, or a newer release has written its schema.</summary>
[GenerateSerializer, Alias("storage-unusable")]
public sealed class StorageUnusable(string message, Exception? inner = null) : Exception(message, inner);
