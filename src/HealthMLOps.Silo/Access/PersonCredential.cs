namespace HealthMLOps.Access;

/// <summary>A person's secret, known here by its SHA-256 alone.</summary>
/// <param name="Id">Names the credential ("anna-2"): the account under which its acts are recorded.</param>
/// <param name="Person">Whose it is.</param>
/// <param name="Digest">SHA-256 of the secret, lower-case hexadecimal.</param>
/// <param name="Created">From when.</param>
/// <param name="Expires">Until when, excluded.</param>
public sealed record PersonCredential(string Id, string Person, string Digest, DateTimeOffset Created, DateTimeOffset Expires)
{
    /// <summary>Who was told the secret when it was made; null where its person made it alone.</summary>
    public string? ToldTo { get; init; }
}
