namespace HealthMLOps.Simulation.Charting;

/// <summary>What this hospital measures.</summary>
/// <remarks>LOINC and UCUM codes as in the LOINC table 2.7x; conversion factors from the analytes' molar masses.</remarks>
internal static class ObservationKinds
{
    private const string Vital = "vital-signs";
    private const string Lab = "laboratory";
    private static readonly Unit PerMinute = new("/min", "/min");
    private static readonly Unit Percent = new("%", "%");
    private static readonly Unit Score = new("{score}", "score");
    private static readonly Unit MgPerDl = new("mg/dL", "mg/dL");
    private static readonly Unit MmolPerL = new("mmol/L", "mmol/L");
    private static readonly Unit UmolPerL = new("umol/L", "umol/L");
    private static readonly Unit ThousandPerUl = new("10*3/uL", "10*3/uL");

    public static readonly Unit MmHg = new("mm[Hg]", "mmHg");
    public static readonly Code Systolic = Code.Loinc("8480-6", "Systolic blood pressure");
    public static readonly Code Diastolic = Code.Loinc("8462-4", "Diastolic blood pressure");

    public static readonly ObservationKind HeartRate = new(Vital, "Heart rate", new("/min", "beats/minute"), 0, Code.Loinc("8867-4", "Heart rate"));
    public static readonly ObservationKind RespiratoryRate = new(Vital, "Respiratory rate", PerMinute, 0, Code.Loinc("9279-1", "Respiratory rate"));
    public static readonly ObservationKind Temperature =
        new(Vital, "Body temperature", new("Cel", "C"), 1, Code.Loinc("8310-5", "Body temperature"))
        { Alternate = new(new("[degF]", "F"), 1, 1.8, 32, null, 0.03) };
    public static readonly ObservationKind BloodPressure =
        new(Vital, "Blood pressure", MmHg, 0, Code.Loinc("85354-9", "Blood pressure panel with all children optional"));
    public static readonly ObservationKind OxygenSaturation =
        new(Vital, "SpO2", Percent, 0, Code.Loinc("59408-5", "Oxygen saturation in Arterial blood by Pulse oximetry"),
            Code.Loinc("2708-6", "Oxygen saturation in Arterial blood"));
    public static readonly ObservationKind OxygenFlow =
        new(Vital, "O2 flow", new("L/min", "L/min"), 1, Code.Loinc("3151-8", "Inhaled oxygen flow rate"));
    public static readonly ObservationKind Consciousness = new(Vital, "ACVPU", Score, 0, Code.Loinc("67775-7", "Level of responsiveness"));
    public static readonly ObservationKind GlasgowComa = new(Vital, "GCS total", Score, 0, Code.Loinc("9269-2", "Glasgow coma score total"));
    public static readonly ObservationKind Height = new(Vital, "Height", new("cm", "cm"), 0, Code.Loinc("8302-2", "Body height"));
    public static readonly ObservationKind Weight = new(Vital, "Weight", new("kg", "kg"), 1, Code.Loinc("29463-7", "Body weight"))
        { Alternate = new(new("[lb_av]", "lbs"), 1, 2.20462, 0, null, 0.1) };

    public static readonly ObservationKind Lactate =
        new(Lab, "Lactate", MmolPerL, 1, Code.Loinc("2524-7", "Lactate [Moles/volume] in Serum or Plasma"), Code.Local("LACT", "Lactate"))
        { DetectionLimit = 0.5 };
    public static readonly ObservationKind Creatinine =
        new(Lab, "Creatinine", MgPerDl, 2, Code.Loinc("2160-0", "Creatinine [Mass/volume] in Serum or Plasma"))
        { Alternate = new(UmolPerL, 0, 88.42, 0, Code.Loinc("14682-9", "Creatinine [Moles/volume] in Serum or Plasma"), 0.04) };
    public static readonly ObservationKind WhiteCells =
        new(Lab, "WBC", ThousandPerUl, 1, Code.Loinc("6690-2", "Leukocytes [#/volume] in Blood by Automated count"));
    public static readonly ObservationKind Platelets =
        new(Lab, "Platelets", ThousandPerUl, 0, Code.Loinc("777-3", "Platelets [#/volume] in Blood by Automated count"));
    public static readonly ObservationKind Sodium = new(Lab, "Sodium", MmolPerL, 0, Code.Loinc("2951-2", "Sodium [Moles/volume] in Serum or Plasma"));
    public static readonly ObservationKind Potassium = new(Lab, "Potassium", MmolPerL, 1, Code.Loinc("2823-3", "Potassium [Moles/volume] in Serum or Plasma"));
    public static readonly ObservationKind Glucose =
        new(Lab, "Glucose", MgPerDl, 0, Code.Loinc("2345-7", "Glucose [Mass/volume] in Serum or Plasma"))
        { Alternate = new(MmolPerL, 1, 1 / 18.016, 0, Code.Loinc("14749-6", "Glucose [Moles/volume] in Serum or Plasma"), 0.05) };
    public static readonly ObservationKind Haemoglobin =
        new(Lab, "Haemoglobin", new("g/dL", "g/dL"), 1, Code.Loinc("718-7", "Hemoglobin [Mass/volume] in Blood"))
        { Alternate = new(new("g/L", "g/L"), 0, 10, 0, null, 0.02) };
    public static readonly ObservationKind CReactiveProtein =
        new(Lab, "CRP", new("mg/L", "mg/L"), 1, Code.Loinc("1988-5", "C reactive protein [Mass/volume] in Serum or Plasma"))
        { DetectionLimit = 0.6 };
    public static readonly ObservationKind Bilirubin =
        new(Lab, "Bilirubin", MgPerDl, 1, Code.Loinc("1975-2", "Bilirubin.total [Mass/volume] in Serum or Plasma")) { DetectionLimit = 0.2 };
    public static readonly ObservationKind Urea =
        new(Lab, "Urea nitrogen", MgPerDl, 0, Code.Loinc("3094-0", "Urea nitrogen [Mass/volume] in Serum or Plasma"))
        { Alternate = new(MmolPerL, 1, 1 / 2.801, 0, Code.Loinc("22664-7", "Urea [Moles/volume] in Serum or Plasma"), 0.05) };
}
