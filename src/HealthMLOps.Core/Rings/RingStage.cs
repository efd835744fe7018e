namespace HealthMLOps.Rings;

/// <summary>How near a model version is to a patient's bed.</summary>
[GenerateSerializer, Alias("ring-stage")]
public enum RingStage
{
    /// <summary>Scores are computed and kept; no clinician sees them.</summary>
    Shadow,
    /// <summary>Shown for the patients of a few units, labelled AI-assisted.</summary>
    Canary,
    Production,
    /// <summary>Scores no more; its evidence is kept.</summary>
    Retired,
}
