using System.Globalization;
using HealthMLOps.Clinical;

namespace HealthMLOps.Intake;

/// <summary>A FHIR date or time as the span that it may mean: a day is 24 hours, a full timestamp is one instant.</summary>
/// <param name="Earliest">The first instant that it may mean.</param>
/// <param name="Latest">The end of what it may mean; an end such as <c>period.end</c> includes its whole day.</param>
internal readonly record struct FhirTime(DateTimeOffset Earliest, DateTimeOffset Latest)
{
    /// <summary>Reads a dateTime or instant; null where it is absent.</summary>
    /// <param name="zone">The zone of dates without a time. A time without a zone is not FHIR and is refused.</param>
    public static FhirTime? Read(Node parent, string name, TimeZoneInfo zone)
    {
        if (!parent.Json.TryGetProperty(name, out var json)) return null;
        var text = parent.Text(name) ?? "";
        if (Partial(text) is { } date) return Span(date, zone);
        var isZoned = text.Length > 16 && text[10] == 'T' && (text[^1] == 'Z' || text[^6] is '+' or '-');
        if (!isZoned || !json.TryGetDateTimeOffset(out var instant))
            throw parent.Wrong(RefusalCodes.WrongValue, name, "expected a date, or a time with a zone such as 2026-11-20T10:15:00Z");
        return new FhirTime(instant.ToUniversalTime(), instant.ToUniversalTime());
    }

    /// <summary>A year, month or day; null where the text is anything else.</summary>
    public static PartialDate? Partial(string text)
    {
        if (text.Length is not (4 or 7 or 10)) return null;
        var year = Digits(text, 0, 4);
        var month = text.Length >= 7 ? text[4] == '-' ? Digits(text, 5, 2) : -1 : 0;
        var day = text.Length == 10 ? text[7] == '-' ? Digits(text, 8, 2) : -1 : 0;
        if (year < 1 || month is < 0 or > 12 || (text.Length >= 7 && month == 0)) return null;
        if (text.Length == 10 && (day < 1 || day > DateTime.DaysInMonth(year, month))) return null;
        return new PartialDate(year, month, day);
    }

    private static FhirTime Span(PartialDate date, TimeZoneInfo zone)
    {
        var first = new DateTime(date.Year, Math.Max(date.Month, 1), Math.Max(date.Day, 1), 0, 0, 0, DateTimeKind.Unspecified);
        // 9999-12-31 is how many systems write "open end".
        if (date.Year is 1 or 9999) return new FhirTime(new DateTimeOffset(first, TimeSpan.Zero), date.Year == 1 ? new(first.AddYears(1), TimeSpan.Zero) : DateTimeOffset.MaxValue);
        var next = date.Month == 0 ? first.AddYears(1) : date.Day == 0 ? first.AddMonths(1) : first.AddDays(1);
        return new FhirTime(Midnight(first, zone), Midnight(next, zone));
    }

    private static DateTimeOffset Midnight(DateTime local, TimeZoneInfo zone) => new DateTimeOffset(local, zone.GetUtcOffset(local)).ToUniversalTime();

    private static int Digits(string text, int start, int count) =>
        int.TryParse(text.AsSpan(start, count), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : -1;
}
