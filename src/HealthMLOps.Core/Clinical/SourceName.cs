using System.Buffers;

namespace HealthMLOps.Clinical;

/// <summary>The configured name of one EHR that sends to us: lower-case letters, digits and hyphens, at most 40.</summary>
[GenerateSerializer, Immutable, Alias("source-name")]
public readonly record struct SourceName
{
    private static readonly SearchValues<char> Alphabet = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public const int LettersMax = 40;

    /// <exception cref="ArgumentException">The text is no source name.</exception>
    public SourceName(string value)
    {
        if (!IsName(value))
            throw new ArgumentException($"A source name has 1 to {LettersMax} of a-z, 0-9 and '-'; got {value?.Length ?? 0} characters.");
        Value = value;
    }

    [Id(0)] public string Value { get; init; }

    public static bool IsName(string? text) =>
        text is { Length: > 0 and <= LettersMax } && !text.AsSpan().ContainsAnyExcept(Alphabet);

    public override string ToString() => Value;
}
