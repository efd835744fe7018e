namespace HealthMLOps.Access;

/// <summary>What a route may be asked to do. Each route names exactly one; one that names none is refused to everybody.</summary>
public enum Permission
{
    /// <summary>Probes and documents without a token.</summary>
    Public,
    ReadStatus,
    /// <summary>A patient's risk: an access to PHI.</summary>
    ReadRisk,
    /// <summary>A patient's features and history: an access to PHI.</summary>
    ReadPatient,
    /// <summary>The pseudonym's EHR id and name, from the identity vault.</summary>
    ReadIdentity,
    /// <summary>Scores of shadow versions by pseudonym, for monitoring.</summary>
    ReadShadowScores,
    Ingest,
    Notify,
    Import,
    ReadQuarantine,
    ReplayQuarantine,
    ManageSources,
    ReadModels,
    RegisterModel,
    Train,
    VerifyReplay,
    ReadRings,
    PlanRollout,
    AdvanceRing,
    Halt,
    Restart,
    Sign,
    ReadAudit,
    VerifyAudit,
    /// <summary>Retention and legal hold.</summary>
    ManageRecords,
    ManageUsers,
    ManageKeys,
    ErasePatient,
    ReadEgress,
    BreakGlass,
    ReviewBreakGlass,
    OperateSilo,
    /// <summary>Being the second person for what another asks in managing people, programs and keys.</summary>
    ConfirmAccess,
    /// <summary>The record of one's own acts, with proofs.</summary>
    ReadOwnRecord,
    /// <summary>Scores of shadow versions by EHR id, which names a person.</summary>
    ReadIdentifiedShadowScores,
}
