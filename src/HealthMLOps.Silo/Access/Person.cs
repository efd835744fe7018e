using System.Collections.Immutable;

namespace HealthMLOps.Access;

/// <summary>Somebody who works here.</summary>
/// <param name="Id">"p-anna"; never reused.</param>
/// <param name="PrintedName">As it stands on signatures.</param>
/// <param name="Roles">Personal roles.</param>
/// <param name="Units">Units whose patients they may see; null = not limited by unit.</param>
public sealed record Person(string Id, string PrintedName, ImmutableArray<Role> Roles, ImmutableArray<string>? Units)
{
    public const int LettersMax = 60;

    public bool IsDisabled { get; init; }
    public DateTimeOffset Created { get; init; }
    public string CreatedBy { get; init; } = "";

    /// <summary>"p-" and 1 to 58 of a-z, 0-9, '-' and '.'.</summary>
    public static bool IsId(string? text) => text is { Length: > 2 and <= LettersMax } && text.StartsWith("p-", StringComparison.Ordinal)
        && text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '.');
}
