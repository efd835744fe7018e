namespace HealthMLOps.Access;

/// <summary>What a person or a program is here to do. The first nine belong to people, the others to programs.</summary>
public enum Role
{
    /// <summary>The owner of an embedded silo: every permission, and one person.</summary>
    Owner,
    /// <summary>Moves deployment rings and pulls the kill switch.</summary>
    Operator,
    DataScientist,
    MlEngineer,
    /// <summary>Judges a model's evidence and signs for its clinical safety.</summary>
    ClinicianReviewer,
    /// <summary>Looks after patients of their own units.</summary>
    BedsideClinician,
    Compliance,
    Auditor,
    ItSecurity,
    /// <summary>An EHR that pushes FHIR.</summary>
    Sender,
    /// <summary>A program that asks for risk within its SMART scopes.</summary>
    ClinicalApp,
}
