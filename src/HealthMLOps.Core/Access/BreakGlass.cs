using HealthMLOps.Clinical;

namespace HealthMLOps.Access;

/// <summary>The one thing that a broken glass opens: a patient, or the patients of one unit. Never both, never all.</summary>
public sealed record BreakGlassScope
{
    private BreakGlassScope() { }

    public PatientKey? Patient { get; private init; }
    public string? Unit { get; private init; }

    public static BreakGlassScope Of(PatientKey patient) => new() { Patient = patient };

    public static BreakGlassScope Of(string unit) => new() { Unit = unit };

    /// <summary>Whether this patient, now in that unit, is behind the glass.</summary>
    public bool Holds(PatientKey patient, string? unit) => Patient is { } one ? one == patient : Unit is { } ward && ward == unit;
}

/// <summary>Somebody's use of access that they don't usually have, in an emergency: bounded, on the record at once, and always reviewed.</summary>
/// <param name="Id">Names it ("glass-7").</param>
/// <param name="Person">Who.</param>
/// <param name="Reason">One of <see cref="BreakGlassRules.Reasons"/>.</param>
/// <param name="Scope">What it opens.</param>
/// <param name="Opened">From when.</param>
/// <param name="Closes">Until when, excluded.</param>
public sealed record BreakGlass(string Id, string Person, string Reason, BreakGlassScope Scope, DateTimeOffset Opened, DateTimeOffset Closes)
{
    /// <summary>Who has reviewed it; null = nobody yet.</summary>
    public string? ReviewedBy { get; init; }

    /// <summary>"justified" or "not-justified"; null until reviewed.</summary>
    public string? Verdict { get; init; }
    public DateTimeOffset? ReviewedAt { get; init; }

    public bool IsOpen(DateTimeOffset now) => now >= Opened && now < Closes;
}

/// <summary>When glass may be broken and by when somebody must have looked at it.</summary>
public static class BreakGlassRules
{
    public static readonly TimeSpan OpenMax = TimeSpan.FromMinutes(60);

    /// <summary>Work days within which each use is reviewed.</summary>
    public const int ReviewWorkDays = 2;

    /// <summary>Letters that an explanation has at least; a reason code alone explains nothing.</summary>
    public const int ExplanationLettersMin = 10;
    public const int ExplanationLettersMax = 1000;

    public static IReadOnlyList<string> Reasons { get; } = ["emergency-care", "cover-of-absence", "patient-safety-investigation", "system-failure"];

    public static IReadOnlyList<string> Verdicts { get; } = ["justified", "not-justified"];

    /// <summary>Why this person may not break glass now, or null.</summary>
    /// <param name="former">All earlier uses of the same person.</param>
    public static string? Refusal(IEnumerable<BreakGlass> former, string reason, string explanation, TimeSpan length)
    {
        if (!Reasons.Contains(reason)) return $"A reason is one of {string.Join(", ", Reasons)}.";
        if (explanation.Trim().Length is < ExplanationLettersMin or > ExplanationLettersMax)
            return $"An explanation has {ExplanationLettersMin} to {ExplanationLettersMax} letters; got {explanation.Trim().Length}.";
        if (length <= TimeSpan.Zero || length > OpenMax) return $"Glass stays open for 1 to {OpenMax.TotalMinutes:0} minutes; asked for {length.TotalMinutes:0}.";
        return former.FirstOrDefault(use => use.Verdict is null) is { } unreviewed
            ? $"An earlier use, {unreviewed.Id}, has not been reviewed; its review is due before {ReviewDue(unreviewed.Opened):yyyy-MM-dd}. Until somebody has reviewed it there is no further one, not even while it is open."
            : null;
    }

    /// <summary>The end of the second work day after the use; Saturdays and Sundays don't count.</summary>
    public static DateTimeOffset ReviewDue(DateTimeOffset opened)
    {
        var day = new DateTimeOffset(opened.UtcDateTime.Date, TimeSpan.Zero);
        for (var left = ReviewWorkDays; left > 0;)
        {
            day = day.AddDays(1);
            if (day.DayOfWeek is not (DayOfWeek.Saturday or DayOfWeek.Sunday)) left--;
        }
        return day.AddDays(1);
    }
}
