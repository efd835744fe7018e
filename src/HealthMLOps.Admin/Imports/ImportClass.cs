namespace HealthMLOps.Imports;

/// <summary>Files that may load side by side, because none refers to another of its class. Classes load in this order: what is referred to comes first.</summary>
public enum ImportClass
{
    Patient,
    Encounter,
    Condition,
    ServiceRequest,
    Procedure,
    MedicationRequest,
    MedicationAdministration,
    Observation,
    Coverage,
    /// <summary>Single resources and lists of any other type.</summary>
    Other,
    /// <summary>A bundle carries what it refers to.</summary>
    Bundle,
}
