namespace HealthMLOps.Intake;

/// <summary>What a bundle's entry asks for.</summary>
public enum EntryMethod
{
    /// <summary>No request: the resource as it is, as in collections and search sets.</summary>
    None,
    Get,
    Post,
    Put,
    Delete,
    /// <summary>PATCH, HEAD or an unknown word: refused.</summary>
    Other,
}
