using System.CommandLine.Parsing;
using System.Globalization;

namespace HealthMLOps.Simulation.Commands;

/// <summary>Reads what people write on the command line; what is wrong gets an error with an example.</summary>
internal static class Arguments
{
    public static DateTimeOffset Instant(ArgumentResult argument)
    {
        var text = argument.Tokens.Count == 1 ? argument.Tokens[0].Value : "";
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant))
            return instant;
        argument.AddError($"'{text}' is no instant; write it like 2026-01-01T00:00:00Z.");
        return default;
    }

    /// <summary>A span such as 90s, 15m, 6h, 2d or 01:30:00.</summary>
    public static TimeSpan? Span(ArgumentResult argument)
    {
        var text = argument.Tokens.Count == 1 ? argument.Tokens[0].Value : "";
        var unit = text.Length == 0 ? 0 : text[^1] switch { 's' => 1, 'm' => 60, 'h' => 3600, 'd' => 86400, _ => 0 };
        if (unit > 0 && double.TryParse(text.AsSpan(0, text.Length - 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number >= 0)
            return TimeSpan.FromSeconds(number * unit);
        if (unit == 0 && text.Contains(':', StringComparison.Ordinal) && TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var span)) return span;
        argument.AddError($"'{text}' is no span of time; write it like 90s, 15m, 6h, 2d or 01:30:00.");
        return null;
    }

    public static Uri? Address(ArgumentResult argument)
    {
        var text = argument.Tokens.Count == 1 ? argument.Tokens[0].Value : "";
        if (Uri.TryCreate(text, UriKind.Absolute, out var address) && (address.Scheme is "http" or "https")) return address;
        argument.AddError($"'{text}' is no address; write it like http://localhost:8080.");
        return null;
    }

    public static Func<ArgumentResult, int> Whole(int from, int to) => argument =>
    {
        var text = argument.Tokens.Count == 1 ? argument.Tokens[0].Value : "";
        if (int.TryParse(text, CultureInfo.InvariantCulture, out var number) && number >= from && number <= to) return number;
        argument.AddError($"'{text}' is no whole number from {from} to {to}.");
        return from;
    };

    public static double NotNegative(ArgumentResult argument)
    {
        var text = argument.Tokens.Count == 1 ? argument.Tokens[0].Value : "";
        if (double.TryParse(text, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number) && number >= 0) return number;
        argument.AddError($"'{text}' is no number of 0 or more.");
        return 0;
    }
}
