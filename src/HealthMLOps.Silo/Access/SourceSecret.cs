using HealthMLOps.Clinical;

namespace HealthMLOps.Access;

/// <summary>A sender's secret that rotation made or put an end to.</summary>
/// <param name="Digest">SHA-256 of the secret, lower-case hexadecimal.</param>
/// <param name="Source">Whose sender.</param>
/// <param name="Expires">Until when, excluded.</param>
public sealed record SourceSecret(string Digest, SourceName Source, DateTimeOffset Expires);
