namespace HealthMLOps.Models;

/// <summary>A model package may not be used: the message names the part, what it holds, and what is allowed. It never holds a patient's value.</summary>
[GenerateSerializer, Alias("package-refused")]
public sealed class PackageRefused(string message) : Exception(message);
