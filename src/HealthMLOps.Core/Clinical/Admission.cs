namespace HealthMLOps.Clinical;

/// <summary>What a timeline made of one fact.</summary>
[GenerateSerializer, Alias("admission")]
public enum Admission
{
    /// <summary>The first version of its resource.</summary>
    Created,
    /// <summary>Newer than what was held.</summary>
    Updated,
    /// <summary>A version that was already held, or already seen.</summary>
    Repeated,
    /// <summary>Older than what is held: kept in the log, no effect on the state.</summary>
    Older,
    /// <summary>The patient's record was erased: nothing is taken for them any more, and nothing was kept.</summary>
    Erased,
}
