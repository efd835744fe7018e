namespace HealthMLOps.Features;

/// <summary>National Early Warning Score 2.</summary>
/// <remarks>
/// Source: Royal College of Physicians, National Early Warning Score (NEWS) 2, London 2017, chart 1. 0 to 20 points.
/// Values between two printed limits fall to the upper band, as 35.05 Cel does to "35.1–36.0".
/// </remarks>
public static class News2
{
    public static int RespiratoryRate(double perMinute) => perMinute switch { <= 8 => 3, <= 11 => 1, <= 20 => 0, <= 24 => 2, _ => 3 };

    public static int Saturation(double percent) => percent switch { <= 91 => 3, <= 93 => 2, <= 95 => 1, _ => 0 };

    /// <summary>Scale 2, for hypercapnic failure and only by a clinician's order: high saturation counts on oxygen only.</summary>
    public static int SaturationScale2(double percent, BreathedGas gas) => percent switch
    {
        <= 83 => 3,
        <= 85 => 2,
        <= 87 => 1,
        <= 92 => 0,
        _ when gas == BreathedGas.Air => 0,
        <= 94 => 1,
        <= 96 => 2,
        _ => 3,
    };

    public static int Oxygen(BreathedGas gas) => gas == BreathedGas.Oxygen ? 2 : 0;

    public static int SystolicPressure(double mmHg) => mmHg switch { <= 90 => 3, <= 100 => 2, <= 110 => 1, < 220 => 0, _ => 3 };

    public static int Pulse(double perMinute) => perMinute switch { <= 40 => 3, <= 50 => 1, <= 90 => 0, <= 110 => 1, <= 130 => 2, _ => 3 };

    public static int Alertness(Consciousness consciousness) => consciousness == Consciousness.Alert ? 0 : 3;

    public static int Temperature(double celsius) => celsius switch { <= 35 => 3, <= 36 => 1, <= 38 => 0, <= 39 => 1, _ => 2 };
}

public enum BreathedGas { Air, Oxygen }

/// <summary>Alert, or anything else of ACVPU: new confusion, responds to voice or pain only, unresponsive.</summary>
public enum Consciousness { Alert, NotAlert }
