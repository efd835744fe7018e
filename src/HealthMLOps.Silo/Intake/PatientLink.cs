using HealthMLOps.Clinical;
using HealthMLOps.Privacy;

namespace HealthMLOps.Intake;

/// <summary>What one Patient resource says of another record of the same person.</summary>
/// <param name="Kind">replaced-by, replaces, refer or seealso.</param>
public sealed record PatientLink(string Kind, Phi OtherId, PatientKey Other, byte[] SealedOther)
{
    public override string ToString() => $"[patient link: {Kind}]";
}
