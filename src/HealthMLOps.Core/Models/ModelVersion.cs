using System.Buffers;
using System.Globalization;

namespace HealthMLOps.Models;

/// <summary>One version of a model, written <c>deterioration@3</c>.</summary>
[GenerateSerializer, Immutable, Alias("model-version")]
public readonly record struct ModelVersion
{
    private static readonly SearchValues<char> Alphabet = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public const int NameLettersMax = 40;

    /// <exception cref="ArgumentException">The name or the number is not allowed.</exception>
    public ModelVersion(string model, int number)
    {
        if (!IsModelName(model))
            throw new ArgumentException($"A model name has 1 to {NameLettersMax} of a-z, 0-9 and '-'; got '{model}'.");
        if (number < 1) throw new ArgumentException($"A model version is 1 or more; got {number}.");
        (Model, Number) = (model, number);
    }

    [Id(0)] public string Model { get; init; }
    [Id(1)] public int Number { get; init; }

    public static bool IsModelName(string? text) =>
        text is { Length: > 0 and <= NameLettersMax } && !text.AsSpan().ContainsAnyExcept(Alphabet);

    /// <exception cref="FormatException">The text is not <c>name@number</c>.</exception>
    public static ModelVersion Parse(string text)
    {
        var at = text.IndexOf('@', StringComparison.Ordinal);
        if (at < 0 || !int.TryParse(text.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            throw new FormatException($"A model version is written name@number; got '{text}'.");
        return new ModelVersion(text[..at], number);
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Model}@{Number}");
}
