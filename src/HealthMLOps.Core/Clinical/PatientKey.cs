using System.Buffers;

namespace HealthMLOps.Clinical;

/// <summary>A patient's keyed pseudonym: <c>pt-</c> and 26 base32 letters of a 128-bit HMAC. The only name a patient has behind the door.</summary>
/// <remarks>The prefix is fixed and not hexadecimal, so that no storage provider can mistake a key for a number.</remarks>
[GenerateSerializer, Immutable, Alias("patient-key")]
public readonly record struct PatientKey
{
    private static readonly SearchValues<char> Alphabet = SearchValues.Create("abcdefghijklmnopqrstuvwxyz234567");

    public const string Prefix = "pt-";
    private const int Letters = 26;

    /// <exception cref="ArgumentException">The text is not a pseudonym.</exception>
    public PatientKey(string value)
    {
        if (!IsPseudonym(value))
            throw new ArgumentException($"A patient key is '{Prefix}' and {Letters} letters of a-z2-7; got {value?.Length ?? 0} characters.");
        Value = value;
    }

    [Id(0)] public string Value { get; init; }

    /// <summary>The pseudonym for a 128-bit keyed digest.</summary>
    public static PatientKey Of(ResourceKey digest) => new(Prefix + digest.ToBase32());

    public static bool IsPseudonym(string? text) =>
        text is { Length: 29 } && text.StartsWith(Prefix, StringComparison.Ordinal)
        && !text.AsSpan(Prefix.Length).ContainsAnyExcept(Alphabet);

    public override string ToString() => Value;
}
