using System.Globalization;
using System.Text.RegularExpressions;
using HealthMLOps.Clinical;

namespace HealthMLOps.Features;

/// <summary>The stretch of time a feature looks at. It never reaches beyond the as-of time, which itself belongs to it.</summary>
/// <param name="Span">From where it counts.</param>
/// <param name="Length">How long it is; zero where the span alone says it.</param>
public readonly partial record struct FeatureWindow(WindowSpan Span, TimeSpan Length)
{
    private const string FirstPrefix = "first:";

    public static FeatureWindow Ever { get; } = new(WindowSpan.Ever, TimeSpan.Zero);

    public static FeatureWindow Trailing(TimeSpan length) => new(WindowSpan.Trailing, length);

    /// <summary>Reads "PT24H", "encounter", "first:PT48H" or "ever"; null where it is none of these.</summary>
    public static FeatureWindow? Parse(string text)
    {
        if (text == "ever") return Ever;
        if (text == "encounter") return new(WindowSpan.Encounter, TimeSpan.Zero);
        var isFirst = text.StartsWith(FirstPrefix, StringComparison.Ordinal);
        return Duration(isFirst ? text[FirstPrefix.Length..] : text) is { } length
            ? new(isFirst ? WindowSpan.EncounterFirst : WindowSpan.Trailing, length)
            : null;
    }

    /// <summary>An ISO 8601 duration of weeks, days, hours and minutes; null where it is none. Months and years have no fixed length.</summary>
    public static TimeSpan? Duration(string text)
    {
        var parts = DurationPattern().Match(text);
        if (!parts.Success || text is "P" || text.EndsWith('T')) return null;
        var days = (7L * Part("w")) + Part("d");
        var length = TimeSpan.FromDays((double)days) + TimeSpan.FromMinutes((60.0 * Part("h")) + Part("m"));
        return length > TimeSpan.Zero ? length : null;

        long Part(string name) => parts.Groups[name].Success ? long.Parse(parts.Groups[name].ValueSpan, CultureInfo.InvariantCulture) : 0;
    }

    /// <summary>The window in UTC ticks, from (inclusive) to before (exclusive); null where there is no encounter to count from.</summary>
    public (long From, long Before)? At(long asOfTicks, EncounterStay? encounter) => Span switch
    {
        WindowSpan.Ever => (0, asOfTicks + 1),
        WindowSpan.Trailing => (asOfTicks - Length.Ticks + 1, asOfTicks + 1),
        WindowSpan.Encounter when encounter is not null => (encounter.Start.UtcTicks, Until(encounter, asOfTicks)),
        WindowSpan.EncounterFirst when encounter is not null =>
            (encounter.Start.UtcTicks, Math.Min(Until(encounter, asOfTicks), encounter.Start.UtcTicks + Length.Ticks)),
        _ => null,
    };

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Span}:{Length.Ticks}");

    private static long Until(EncounterStay encounter, long asOfTicks) => Math.Min(asOfTicks, encounter.End?.UtcTicks ?? long.MaxValue) + 1;

    [GeneratedRegex(@"^P(?:(?<w>\d{1,4})W)?(?:(?<d>\d{1,5})D)?(?:T(?:(?<h>\d{1,6})H)?(?:(?<m>\d{1,7})M)?)?$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex DurationPattern();
}

/// <summary>From where a window counts.</summary>
public enum WindowSpan
{
    /// <summary>The last length of time up to the as-of time: (as-of − length, as-of].</summary>
    Trailing,
    /// <summary>All that was true by the as-of time.</summary>
    Ever,
    /// <summary>From the start of the index encounter to its end or the as-of time, both included.</summary>
    Encounter,
    /// <summary>The first length of time of the index encounter: [start, start + length), up to its end.</summary>
    EncounterFirst,
}
