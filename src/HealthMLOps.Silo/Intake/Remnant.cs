using HealthMLOps.Privacy;

namespace HealthMLOps.Intake;

/// <summary>What a version that can't be used still tells: that its resource has a newer version.</summary>
/// <param name="Arrival">The version without any entries.</param>
/// <param name="Id">The resource's id at the EHR.</param>
/// <param name="IsWithdrawal">It was entered in error: nothing more is needed of it.</param>
public sealed record Remnant(Arrival Arrival, Phi Id, bool IsWithdrawal)
{
    public override string ToString() => "[remnant]";
}
