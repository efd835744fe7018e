using HealthMLOps.Privacy;

namespace HealthMLOps.Intake;

/// <summary>A reference brought to the type and id that its source knows.</summary>
public readonly record struct ResolvedReference(string Type, Phi Id)
{
    /// <summary>Tells nothing: it holds an EHR id.</summary>
    public override string ToString() => "[reference]";
}
