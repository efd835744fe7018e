using System.Collections.Immutable;
using HealthMLOps.Clinical;

namespace HealthMLOps.Features;

/// <summary>One input of a model: what it is called, what it is computed from, and what is done where it is missing.</summary>
public sealed record FeatureDefinition
{
    public required string Name { get; init; }
    public required FeatureSource Source { get; init; }

    /// <summary>The words of a category, whose places are its values; empty for numbers.</summary>
    public ImmutableArray<string> Categories { get; init; } = [];

    /// <summary>UCUM unit of the value, where it has one.</summary>
    public string? Unit { get; init; }
    public Imputation? Impute { get; init; }
}

/// <summary>What stands in for a missing value.</summary>
public abstract record Imputation
{
    /// <summary>This number.</summary>
    public sealed record Constant(double Value) : Imputation;

    /// <summary>The newest usable value of the same measurement that is younger than the given age.</summary>
    public sealed record CarryForward(MeasurementSelection Selection) : Imputation;
}

/// <summary>What a feature is computed from.</summary>
public abstract record FeatureSource
{
    /// <summary>Measurements, drawn together to one number.</summary>
    public sealed record Measured(MeasurementSelection Selection, Aggregation Aggregation) : FeatureSource;

    /// <summary>Completed years at the as-of time.</summary>
    public sealed record Age : FeatureSource;

    /// <summary>Administrative gender.</summary>
    public sealed record Sex : FeatureSource;

    /// <summary>Problems, drugs or procedures, counted by resource.</summary>
    public sealed record Events(EventSelection Selection, EventTally Tally) : FeatureSource;

    /// <summary>Encounters that began in the window and have had one of the classes by then.</summary>
    public sealed record EncountersStarted(ImmutableArray<string> Classes, FeatureWindow Window) : FeatureSource;

    /// <summary>Inpatient stays that began in the window, before the index stay and without it.</summary>
    public sealed record PriorAdmissions(FeatureWindow Window) : FeatureSource;

    /// <summary>Hours from the start of the open encounter.</summary>
    public sealed record HoursSinceAdmission : FeatureSource;

    /// <summary>Days from the start of the index inpatient stay to its end, or to the as-of time while it is open.</summary>
    public sealed record LengthOfStayDays : FeatureSource;

    /// <summary>ActCode class of the index encounter.</summary>
    public sealed record EncounterClass : FeatureSource;

    /// <summary>Unit of the index encounter.</summary>
    public sealed record EncounterUnit : FeatureSource;

    /// <summary>National Early Warning Score 2.</summary>
    public sealed record EarlyWarning(News2Rule Rule) : FeatureSource;

    /// <summary>A named arithmetic rule over the last values of two measurements.</summary>
    public sealed record Combined(CombinedRule Rule, MeasurementSelection First, MeasurementSelection Second) : FeatureSource;
}

/// <summary>Which measurements a feature sees.</summary>
/// <param name="Concept">The catalogue's concept; null where codes are named.</param>
/// <param name="Codes">The codes that count, of the concept or as named; in the set's order.</param>
/// <param name="Unit">The UCUM unit to compute in; null = only whether it was recorded matters.</param>
/// <param name="Window">When.</param>
/// <param name="Implausible">What becomes of values outside the plausible limits.</param>
public sealed record MeasurementSelection(
    string? Concept, ImmutableArray<Coding> Codes, string? Unit, FeatureWindow Window, ImplausibleValues Implausible)
{
    public bool Equals(MeasurementSelection? other) =>
        other is not null && Concept == other.Concept && Unit == other.Unit && Window == other.Window && Implausible == other.Implausible
        && Codes.AsSpan().SequenceEqual(other.Codes.AsSpan());

    public override int GetHashCode() => HashCode.Combine(Concept, Unit, Window, Implausible, Codes.Length);
}

public enum ImplausibleValues { Exclude, Include }

/// <summary>How the values of a window become one number. The formulas stand at <see cref="Aggregations"/>.</summary>
public enum Aggregation { Last, First, Min, Max, Mean, Median, Std, Count, Range, SlopePerDay, TimeSince, DeltaToBaseline, Exists }

/// <summary>Which events a feature counts.</summary>
/// <param name="Kind">Conditions, orders, doses or procedures.</param>
/// <param name="When">Whether they must be active at the as-of time, or have happened in the window.</param>
/// <param name="Window">The window, where it matters.</param>
/// <param name="Codes">One of these must match; empty = any.</param>
/// <param name="Categories">One of these must be there; empty = any.</param>
public sealed record EventSelection(
    SeriesKind Kind, EventTime When, FeatureWindow Window, ImmutableArray<CodePattern> Codes, ImmutableArray<string> Categories);

public enum EventTime { ActiveAtAsOf, BegunInWindow }

public enum EventTally { Count, Exists }

public enum CombinedRule
{
    /// <summary>Heart rate / systolic pressure (Allgöwer and Burri, Dtsch Med Wochenschr 1967;92:1947).</summary>
    ShockIndex,
    /// <summary>Systolic − diastolic pressure, mm[Hg].</summary>
    PulsePressure,
    /// <summary>Arterial oxygen pressure in mm[Hg] / inspired oxygen as a fraction (ARDS Definition Task Force, JAMA 2012;307:2526).</summary>
    PfRatio,
}
