namespace HealthMLOps.Storage;

/// <summary>A successor has fenced this silo's writer: this process must not serve any more.</summary>
[GenerateSerializer, Alias("writer-fenced")]
public sealed class WriterFenced(string message) : Exception(message);
