namespace HealthMLOps.Storage;

/// <summary>The database did not confirm an append within the bounded attempts. It may or may not be stored: the caller reloads to know.</summary>
[GenerateSerializer, Alias("log-unavailable")]
public sealed class LogUnavailable(string message, Exception? inner = null) : Exception(message, inner);
