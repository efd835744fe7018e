using System.CommandLine.Parsing;
using System.Globalization;

namespace HealthMLOps.Simulation.Commands;

/// <summary>Reads instants and offsets from the command line.</summary>
internal static class Instants
{
    public static DateTimeOffset Parse(ArgumentResult argument)
    {
        var text = argument.Tokens.Count == 1 ? argument.Tokens[0].Value : "";
        if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var instant))
            return instant;
        argument.AddError($"'{text}' is no instant; write it like 2026-01-01T00:00:00Z.");
        return default;
    }
}
