using HealthMLOps.Models;
using HealthMLOps.Rings;

namespace HealthMLOps.Patients;

/// <summary>The last look before a score leaves: a live lease, no halt, and the ring that it was computed for.</summary>
public sealed class ScoreGuard(PlanBoard plans, LeaseKeeper leases, RingBook rings)
{
    /// <summary>Gets a live lease where it can be had, before work begins.</summary>
    public ValueTask<bool> Ensure(CancellationToken cancellation) => leases.Ensure(cancellation);

    /// <summary>Why a score may not be shown now, or null. Waits for nothing: it is asked after the answer has been serialised.</summary>
    public Withheld? Why(PatientRisk risk, string site, string channel)
    {
        if (risk.Version is not { } version) return null;
        var fallback = rings.Of(version.Model).Fallback;
        if (!plans.IsLive)
            return new Withheld(NoScoreReason.NoLease, "This silo can't be sure that its plan is the current one, so it shows no score.", null, fallback);
        if (plans.HaltOn(version, risk.Unit, site, channel) is { } halt)
            return new Withheld(NoScoreReason.Halted, $"Halted ({halt.Scope}) since {halt.At:yyyy-MM-dd HH:mm:ss} UTC; fall back to {fallback}.", halt, fallback);
        if (plans.Current.Serving(version.Model, risk.Unit)?.Version != version)
            return new Withheld(NoScoreReason.NoLease, "The rings changed while this was computed; ask again.", null, fallback);
        return risk.Prediction?.PlanEpoch < plans.Orders.RestartedEpoch
            ? new Withheld(NoScoreReason.NoLease, "The service was restarted while this was computed; ask again.", null, fallback)
            : null;
    }
}

/// <param name="Reason">Why.</param>
/// <param name="Detail">For people.</param>
/// <param name="Halt">The halt that it falls under, where it is one.</param>
/// <param name="Fallback">What the ward uses instead.</param>
public sealed record Withheld(NoScoreReason Reason, string Detail, HaltOrder? Halt, string Fallback);
