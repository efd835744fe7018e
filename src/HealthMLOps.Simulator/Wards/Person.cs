using HealthMLOps.Simulation.Charting;

namespace HealthMLOps.Simulation.Wards;

/// <summary>Who the patient is, and what they live with.</summary>
internal sealed record Person
{
    public required string Id { get; init; }
    public required DateOnly Born { get; init; }
    public required BirthDatePrecision BornPrecision { get; init; }
    public required string Gender { get; init; }
    public required IReadOnlyList<Code> Races { get; init; }

    /// <summary>Null where nobody asked.</summary>
    public Code? Ethnicity { get; init; }
    public required IReadOnlyList<Problem> Problems { get; init; }

    /// <summary>Null where nothing is known about the insurance.</summary>
    public Insurance? Insurance { get; init; }

    /// <summary>How readily this person meets a hospital: multiplies visits and readmissions, median 1.</summary>
    public required double Frailty { get; init; }

    public double Burden => Problems.Sum(problem => problem.Weight);

    public double AgeYears(DateTimeOffset at) => (at.UtcDateTime - Born.ToDateTime(TimeOnly.MinValue)).TotalDays / 365.25;
}

internal enum BirthDatePrecision { Year, Day }

/// <param name="Kind">The plan's type in https://nahdo.org/sopt.</param>
internal sealed record Insurance(Code Kind, string Payor);
