using HealthMLOps.Clinical;

namespace HealthMLOps.Privacy;

/// <summary>A resource's own name at its EHR. Identified: it leaves only in authorised answers, never in a log.</summary>
public sealed record EhrId(SourceName Source, string Type, string Id)
{
    /// <summary>Tells nothing, so that an EHR id can't slip into a log line.</summary>
    public override string ToString() => "[EHR id]";
}
