using System.Diagnostics;
using HealthMLOps.Simulation.Charting;

namespace HealthMLOps.Simulation.Sending;

/// <summary>A fault that begins at an instant and changes what is measured from then on.</summary>
internal sealed record Drift(DriftKind Kind, DateTimeOffset From)
{
    private const decimal HeartRateShiftBpm = 15;

    public ChartEntry Distort(ChartEntry entry) =>
        entry is ObservationEntry { Value: Measured measured } observation && observation.Effective >= From
            ? observation with { Value = Distort(observation.Kind, measured) }
            : entry;

    private Measured Distort(ObservationKind kind, Measured measured) => Kind switch
    {
        // The number is Fahrenheit, the label still says Celsius.
        DriftKind.UnitMixup when IsSame(kind, ObservationKinds.Temperature) && measured.Unit.Code == "Cel" => measured with { Number = measured.Number * 1.8m + 32 },
        DriftKind.SensorShift when IsSame(kind, ObservationKinds.HeartRate) => measured with { Number = measured.Number + HeartRateShiftBpm },
        DriftKind.UnitMixup or DriftKind.SensorShift => measured,
        _ => throw new UnreachableException(),
    };

    private static bool IsSame(ObservationKind one, ObservationKind other) => one.Codings[0] == other.Codings[0];
}

internal enum DriftKind { UnitMixup, SensorShift }
