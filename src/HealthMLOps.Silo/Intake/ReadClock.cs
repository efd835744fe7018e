namespace HealthMLOps.Intake;

/// <summary>How a resource reached us, which decides when a clinician could have known it.</summary>
public enum ReadClock
{
    /// <summary>As it happened: known when it arrived.</summary>
    Live,

    /// <summary>Imported: known when the resource itself says so, by type.</summary>
    History,
}
