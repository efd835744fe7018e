namespace HealthMLOps.Clinical;

/// <summary>A configuration file says something that is not allowed: the message names the file or element, what it holds, and what is allowed.</summary>
[GenerateSerializer, Alias("invalid-configuration")]
public sealed class InvalidConfiguration(string message) : Exception(message);
