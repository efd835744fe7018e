using HealthMLOps.Simulation.Charting;

namespace HealthMLOps.Simulation.Wards;

/// <summary>Why someone is admitted, where to, and how ill that makes people at first.</summary>
/// <param name="Acuteness">Mean latent severity at arrival; 0 is well.</param>
/// <param name="Cause">Whether antibiotics are the cure.</param>
internal sealed record AdmissionReason(Ward Ward, Code Icd, Code Snomed, double Acuteness, Cause Cause, Code? Operation)
{
    public static readonly IReadOnlyList<AdmissionReason> All =
    [
        Medical("J18.9", "233604007", "Pneumonia", 1.5, Cause.Infection),
        Medical("A41.9", "91302008", "Sepsis", 2.0, Cause.Infection),
        Medical("N39.0", "68566005", "Urinary tract infectious disease", 1.0, Cause.Infection),
        Medical("I50.21", "56675007", "Acute heart failure", 1.3, Cause.Other),
        Medical("J44.1", "195951007", "Acute exacerbation of chronic obstructive airways disease", 1.4, Cause.Other),
        Medical("K92.2", "74474003", "Gastrointestinal hemorrhage", 1.1, Cause.Other),
        Medical("I63.9", "422504002", "Ischemic stroke", 0.9, Cause.Other),
        Surgical("K35.80", "74400008", "Appendicitis", 0.9, "80146002", "Appendectomy"),
        Surgical("S72.001A", "5913000", "Fracture of neck of femur", 0.8, "52734007", "Total replacement of hip"),
        Surgical("K81.0", "65275009", "Acute cholecystitis", 1.0, "38102005", "Cholecystectomy"),
    ];

    private static AdmissionReason Medical(string icd, string snomed, string name, double acuteness, Cause cause) =>
        new(Ward.Medical, Code.Icd10Cm(icd, name), Code.Snomed(snomed, name), acuteness, cause, null);

    private static AdmissionReason Surgical(string icd, string snomed, string name, double acuteness, string operation, string operationName) =>
        new(Ward.Surgical, Code.Icd10Cm(icd, name), Code.Snomed(snomed, name), acuteness, Cause.Other, Code.Snomed(operation, operationName));
}

internal enum Cause { Infection, Other }
