using System.Globalization;

namespace HealthMLOps.Audit;

/// <summary>Where an event stands among its writer's events.</summary>
/// <param name="Writer">One silo incarnation.</param>
/// <param name="Sequence">Its dense number of events, from 1.</param>
public readonly record struct AuditPlace(long Writer, long Sequence)
{
    /// <summary>Reads "3-17".</summary>
    public static AuditPlace? Parse(string text)
    {
        var dash = text.IndexOf('-', StringComparison.Ordinal);
        return dash > 0
            && long.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var writer)
            && long.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            ? new AuditPlace(writer, sequence) : null;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Writer}-{Sequence}");
}
