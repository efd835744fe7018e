using System.Collections.Immutable;

namespace HealthMLOps.Access;

/// <summary>A program that asks for tokens with its own key (SMART Backend Services).</summary>
/// <param name="Id">Its <c>client_id</c>.</param>
/// <param name="PrintedName">What it is called.</param>
/// <param name="Roles">Roles of programs.</param>
/// <param name="Scopes">The most that a token of it may carry.</param>
public sealed record MachineClient(string Id, string PrintedName, ImmutableArray<Role> Roles, ImmutableArray<string> Scopes)
{
    public const int LettersMax = 60;

    /// <summary>The only source that it acts for; null = all.</summary>
    public string? Source { get; init; }

    /// <summary>Its public keys, as registered; null where they are fetched from <see cref="JwksUrl"/>.</summary>
    public string? Jwks { get; init; }
    public string? JwksUrl { get; init; }
    public bool IsDisabled { get; init; }
    public DateTimeOffset Created { get; init; }
    public string CreatedBy { get; init; } = "";

    public static bool IsId(string? text) => text is { Length: > 0 and <= LettersMax }
        && text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '.');
}
