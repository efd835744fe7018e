using HealthMLOps.Clinical;

namespace HealthMLOps.Privacy;

/// <summary>A resource's own name at its EHR. Its id leaves only in authorised answers.</summary>
public sealed record EhrId(SourceName Source, string Type, Phi Id)
{
    /// <summary>Tells nothing, so that an EHR id can't slip into a log line.</summary>
    public override string ToString() => "[EHR id]";
}
