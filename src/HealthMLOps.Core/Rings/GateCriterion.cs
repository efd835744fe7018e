using System.Globalization;

namespace HealthMLOps.Rings;

/// <summary>One thing that a gate wants to see, with its bounds.</summary>
/// <param name="Criterion">What is measured ("validation-report.auroc", "drill.age-days").</param>
/// <param name="AtLeast">The interval's lower end must reach this.</param>
/// <param name="AtMost">The interval's upper end must not pass this.</param>
public sealed record GateCriterion(string Criterion, double? AtLeast, double? AtMost)
{
    /// <summary>Not measured, not finite, or an interval across a bound is inconclusive, and inconclusive never passes.</summary>
    public GateEvidence Judge(GateMeasurement? measured) => new(Criterion, Verdict(measured), measured, Bound());

    public string Bound() => string.Join(" and ", new[] { Words("at least", AtLeast), Words("at most", AtMost) }.OfType<string>());

    private GateVerdict Verdict(GateMeasurement? measured)
    {
        if (measured is null || measured.N < 1 || !double.IsFinite(measured.Low) || !double.IsFinite(measured.High) || measured.Low > measured.High)
            return GateVerdict.Inconclusive;
        if (measured.High < AtLeast || measured.Low > AtMost) return GateVerdict.Breach;
        return measured.Low < AtLeast || measured.High > AtMost ? GateVerdict.Inconclusive : GateVerdict.Within;
    }

    private static string? Words(string what, double? bound) =>
        bound is { } number ? string.Create(CultureInfo.InvariantCulture, $"{what} {number}") : null;
}
