using System.Collections.Immutable;
using HealthMLOps.Clinical;

namespace HealthMLOps.Features;

/// <summary>From which measurements NEWS2 takes its parts, and which parts may be missing.</summary>
public sealed record News2Rule
{
    /// <summary>"Alert" in LOINC's and SNOMED CT's words.</summary>
    public static ImmutableArray<CodePattern> AlertByDefault { get; } =
        [new(CodeSystems.Loinc, "LA9340-6", CodeMatch.Whole), new(CodeSystems.Snomed, "248234008", CodeMatch.Whole)];

    public required MeasurementSelection RespiratoryRate { get; init; }
    public required MeasurementSelection Saturation { get; init; }
    public required MeasurementSelection OxygenFlow { get; init; }
    public required MeasurementSelection InspiredOxygen { get; init; }
    public required MeasurementSelection SystolicPressure { get; init; }
    public required MeasurementSelection Pulse { get; init; }
    public required MeasurementSelection Consciousness { get; init; }
    public required MeasurementSelection GlasgowComa { get; init; }
    public required MeasurementSelection Temperature { get; init; }

    public required SaturationScale Scale { get; init; }

    /// <summary>Parts that count as normal where they were not recorded; any other missing part leaves no score.</summary>
    public required ImmutableArray<News2Part> Partial { get; init; }

    /// <summary>Coded levels of consciousness that mean alert; every other one means not alert.</summary>
    public required ImmutableArray<CodePattern> AlertCodes { get; init; }

    /// <summary>All selections, each with the name of its part, in the order of the chart.</summary>
    public ImmutableArray<MeasurementSelection> Selections() =>
        [RespiratoryRate, Saturation, OxygenFlow, InspiredOxygen, SystolicPressure, Pulse, Consciousness, GlasgowComa, Temperature];
}

public enum News2Part { RespiratoryRate, Saturation, SupplementalOxygen, SystolicPressure, Pulse, Consciousness, Temperature }

/// <summary>Which SpO2 scale: the second is for patients with a target of 88–92 %.</summary>
public enum SaturationScale { One, Two }
