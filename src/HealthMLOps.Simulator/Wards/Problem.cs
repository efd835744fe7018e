using HealthMLOps.Simulation.Charting;

namespace HealthMLOps.Simulation.Wards;

/// <summary>A chronic problem: its codes, how common it is, how much it weighs, and the drug people take for it.</summary>
/// <param name="PrevalenceAt75">Share of 75-year-old inpatients who have it.</param>
/// <param name="RisePerDecade">Odds ratio per ten years of age.</param>
/// <param name="Weight">Points of comorbidity burden, Charlson-like.</param>
internal sealed record Problem(Code Icd, Code Snomed, double PrevalenceAt75, double RisePerDecade, double Weight, Drug? Drug)
{
    public static readonly Problem Hypertension = Of("I10", "59621000", "Essential hypertension", 0.65, 1.5, 0.3, Drug.Lisinopril);
    public static readonly Problem Diabetes = Of("E11.9", "44054006", "Type 2 diabetes mellitus", 0.3, 1.3, 1, Drug.Metformin);
    public static readonly Problem HeartFailure = Of("I50.9", "84114007", "Heart failure", 0.22, 1.8, 1.5, Drug.Furosemide);
    public static readonly Problem Copd = Of("J44.9", "13645005", "Chronic obstructive lung disease", 0.18, 1.5, 1.3, Drug.Prednisone);
    public static readonly Problem KidneyDisease = Of("N18.30", "433144002", "Chronic kidney disease stage 3", 0.25, 1.7, 1.3, null);
    public static readonly Problem AtrialFibrillation = Of("I48.91", "49436004", "Atrial fibrillation", 0.22, 1.9, 0.8, Drug.Apixaban);

    public static readonly IReadOnlyList<Problem> All =
    [
        Hypertension, Diabetes, HeartFailure, Copd, KidneyDisease, AtrialFibrillation,
        Of("I25.10", "53741008", "Coronary arteriosclerosis", 0.3, 1.7, 1, Drug.Metoprolol),
        Of("E78.5", "55822004", "Hyperlipidemia", 0.5, 1.3, 0, Drug.Atorvastatin),
        Of("F03.90", "52448006", "Dementia", 0.12, 2.6, 1.5, null),
        Of("C18.9", "363406005", "Malignant neoplasm of colon", 0.06, 1.5, 2, null),
        Of("K74.60", "19943007", "Cirrhosis of liver", 0.04, 1.0, 2, null),
        Of("F32.A", "35489007", "Depressive disorder", 0.18, 1.0, 0.4, null),
        Of("J45.909", "195967001", "Asthma", 0.08, 0.9, 0.5, null),
        Of("E66.9", "414916001", "Obesity", 0.25, 0.95, 0.3, null),
    ];

    /// <summary>Logistic in age, through <see cref="PrevalenceAt75"/>.</summary>
    public double Prevalence(double ageYears)
    {
        var odds = PrevalenceAt75 / (1 - PrevalenceAt75) * Math.Pow(RisePerDecade, (ageYears - 75) / 10);
        return odds / (1 + odds);
    }

    private static Problem Of(string icd, string snomed, string name, double at75, double rise, double weight, Drug? drug) =>
        new(Code.Icd10Cm(icd, name), Code.Snomed(snomed, name), at75, rise, weight, drug);
}
