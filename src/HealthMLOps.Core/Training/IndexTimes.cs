namespace HealthMLOps.Training;

/// <summary>Rule for the moments at which a model would have been asked.</summary>
public sealed record IndexTimes
{
    /// <summary>Moments in one stay; a longer stay gives its first ones.</summary>
    public const int MomentsMax = 1_000;

    public required IndexTimesKind Kind { get; init; }

    /// <summary>From the start of the stay.</summary>
    public TimeSpan Offset { get; init; }

    /// <summary>Between two moments (<see cref="IndexTimesKind.Every"/>).</summary>
    public TimeSpan Period { get; init; }

    public IEnumerable<DateTimeOffset> Of(Stay stay)
    {
        switch (Kind)
        {
            case IndexTimesKind.AfterAdmission:
                if (stay.End is null || stay.End >= stay.Start + Offset) yield return stay.Start + Offset;
                break;
            case IndexTimesKind.Discharge:
                if (stay.End is { } end) yield return end;
                break;
            case IndexTimesKind.Every:
                var from = (stay.InpatientFrom ?? stay.Start) + Offset;
                for (var i = 0; i < MomentsMax && stay.End is { } until && from + i * Period < until; i++) yield return from + i * Period;
                break;
            default:
                throw new System.Diagnostics.UnreachableException();
        }
    }
}

public enum IndexTimesKind
{
    /// <summary>Once, <see cref="IndexTimes.Offset"/> after admission.</summary>
    AfterAdmission,
    /// <summary>Again and again during the stay.</summary>
    Every,
    /// <summary>At discharge.</summary>
    Discharge,
}
