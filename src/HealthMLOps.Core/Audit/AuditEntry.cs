using HealthMLOps.Clinical;

namespace HealthMLOps.Audit;

/// <summary>One thing that somebody did, as the record keeps it. Holds no PHI: a patient is a pseudonym, texts are codes and our own ids.</summary>
/// <param name="At">When, by the silo's clock.</param>
/// <param name="Person">Who, as <c>Caller.Person</c>.</param>
/// <param name="Account">With which credential.</param>
/// <param name="Role">In which role.</param>
/// <param name="Purpose">HL7 v3 ActReason code.</param>
/// <param name="Action">What, as "noun.verb" ("risk.read", "ring.advance", "access.denied").</param>
/// <param name="Outcome">"ok", or a short code of why not.</param>
public sealed record AuditEntry(
    DateTimeOffset At, string Person, string Account, string Role, string Purpose, string Action, string Outcome)
{
    /// <summary>What it was done to, by our own name ("sepsis@3", "sepsis/canary"); null where it was a patient alone.</summary>
    public string? Object { get; init; }

    public PatientKey? Patient { get; init; }

    /// <summary>Ties the entries of one request or one decision together.</summary>
    public string? Correlation { get; init; }

    /// <summary>What the decision rested on, as JSON (a plan, a gate's evidence): kept beside the log, committed to in it by a salted digest.</summary>
    public string? Payload { get; init; }
}
