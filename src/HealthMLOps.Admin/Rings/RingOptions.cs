using System.CommandLine;
using System.Globalization;
using HealthMLOps.Hosting;

namespace HealthMLOps.Rings;

/// <summary>Arguments that several ring verbs take.</summary>
internal static class RingOptions
{
    public static Argument<string> Model() => new("MODEL") { Description = "The model's name" };

    public static Argument<string> Version() => new("MODEL@VERSION") { Description = "A registered version, such as sepsis@3" };

    public static Option<string> Reason() => new("--reason") { Description = "Why, for the record; no patient in it", HelpName = "TEXT", Required = true };

    public static Option<bool> Yes() => new("--yes") { Description = "Don't ask" };

    public static Option<string[]> Units() => new("--units")
    {
        Description = "Units whose patients it is shown for, separated by commas", HelpName = "UNIT,…",
        CustomParser = given => [.. given.Tokens.SelectMany(t => t.Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))],
    };

    /// <exception cref="CommandFailed">It is not written name@number.</exception>
    public static (string Model, int Number) Split(string version)
    {
        var at = version.IndexOf('@', StringComparison.Ordinal);
        return at > 0 && int.TryParse(version.AsSpan(at + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0
            ? (version[..at], number)
            : throw new CommandFailed(ExitCode.Usage, $"A version is written model@number; got '{version}'.");
    }

    /// <summary>The id of this command: the server recognises a repeat by it.</summary>
    public static string NewCommand() => Guid.CreateVersion7().ToString("N");
}
