namespace HealthMLOps.Clinical;

/// <summary>A FHIR date as precise as it was sent: a year, a month of a year, or a day.</summary>
/// <param name="Year">1 to 9999.</param>
/// <param name="Month">1 to 12, or 0 where unknown.</param>
/// <param name="Day">1 to 31, or 0 where unknown.</param>
[GenerateSerializer, Immutable, Alias("partial-date")]
public readonly record struct PartialDate([property: Id(0)] int Year, [property: Id(1)] int Month, [property: Id(2)] int Day)
{
    /// <summary>Completed years at an instant (UTC calendar). With the year alone, the difference of the years.</summary>
    public int YearsAt(DateTimeOffset instant)
    {
        var at = instant.UtcDateTime;
        var years = at.Year - Year;
        if (Month == 0) return years;
        var before = at.Month < Month || (at.Month == Month && Day > 0 && at.Day < Day);
        return before ? years - 1 : years;
    }
}
