namespace HealthMLOps.Intake;

/// <summary>Why a resource, line or bundle was refused; fixed words, for quarantine, metrics and answers.</summary>
public static class RefusalCodes
{
    /// <summary>No JSON, or JSON beyond a limit.</summary>
    public const string Malformed = "malformed";
    public const string TooLarge = "too-large";

    /// <summary>An element has another JSON type than FHIR gives it.</summary>
    public const string WrongType = "type";
    public const string Required = "required";

    /// <summary>The right type, but no value that FHIR allows there.</summary>
    public const string WrongValue = "value";
    public const string Unit = "unit";
    public const string Reference = "reference";
    public const string UnknownResourceType = "resource-type";
    public const string ModifierExtension = "modifier-extension";

    /// <summary>The server says that parts of the resource are left out.</summary>
    public const string Subsetted = "subsetted";

    /// <summary>The caller's token may not write that type. Not kept, in quarantine either.</summary>
    public const string Scope = "scope";

    /// <summary>The patient was erased on request. Not kept, in quarantine either.</summary>
    public const string Erased = "erased";
}
