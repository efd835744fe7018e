using System.Collections.Frozen;

namespace HealthMLOps.Access;

/// <summary>What each role may do: the table that routes are checked against. What it does not list is refused.</summary>
/// <remarks>
/// Where the act also needs a second person of another role (planning, advancing, restarting, registers of deletion, people, programs and keys), the
/// permission lets a person take part; the room that acts counts persons. Nobody may alter the record: no such permission exists.
/// </remarks>
public static class RolePermissions
{
    private static readonly Permission[] Work = [Permission.ReadStatus, Permission.ReadModels, Permission.ReadRings, Permission.ReadOwnRecord];

    private static readonly FrozenDictionary<Role, FrozenSet<Permission>> Table = new Dictionary<Role, FrozenSet<Permission>>
    {
        [Role.Owner] = Enum.GetValues<Permission>().ToFrozenSet(),
        [Role.Operator] = Of(
            Permission.Import, Permission.ReadQuarantine, Permission.ReplayQuarantine, Permission.PlanRollout, Permission.AdvanceRing,
            Permission.Halt, Permission.Restart, Permission.Sign, Permission.VerifyReplay, Permission.ReadEgress, Permission.OperateSilo,
            Permission.ManageUsers, Permission.ManageKeys, Permission.ConfirmAccess),
        [Role.DataScientist] = Of(
            Permission.RegisterModel, Permission.Train, Permission.VerifyReplay, Permission.ReadShadowScores, Permission.Halt, Permission.Sign),
        [Role.MlEngineer] = Of(
            Permission.RegisterModel, Permission.Train, Permission.VerifyReplay, Permission.ReadShadowScores, Permission.PlanRollout,
            Permission.Halt, Permission.Import, Permission.Sign),
        [Role.ClinicianReviewer] = Of(
            Permission.ReadRisk, Permission.ReadPatient, Permission.ReadIdentity, Permission.ReadShadowScores, Permission.ReadIdentifiedShadowScores,
            Permission.PlanRollout, Permission.AdvanceRing,
            Permission.Halt, Permission.Restart, Permission.Sign, Permission.BreakGlass),
        [Role.BedsideClinician] = Of(
            Permission.ReadRisk, Permission.ReadPatient, Permission.ReadIdentity, Permission.Halt, Permission.BreakGlass),
        [Role.Compliance] = Of(
            Permission.ReadShadowScores, Permission.PlanRollout, Permission.AdvanceRing, Permission.Halt, Permission.Restart, Permission.Sign,
            Permission.ReadAudit, Permission.VerifyAudit, Permission.ManageRecords, Permission.ErasePatient, Permission.ReadEgress,
            Permission.BreakGlass, Permission.ReviewBreakGlass, Permission.ManageUsers, Permission.ManageKeys, Permission.ConfirmAccess),
        [Role.Auditor] = Of(Permission.ReadAudit, Permission.VerifyAudit, Permission.ReadEgress),
        [Role.ItSecurity] = Of(
            Permission.ManageUsers, Permission.ManageKeys, Permission.ManageSources, Permission.ReadEgress, Permission.Halt, Permission.OperateSilo,
            Permission.ConfirmAccess),
        [Role.Sender] = [Permission.Notify],
        [Role.ClinicalApp] = [Permission.ReadRisk, Permission.ReadPatient, Permission.Ingest],
    }.ToFrozenDictionary();

    /// <summary>What an open break-glass adds for those who may break it: sight of one patient, or of one unit's patients.</summary>
    private static readonly FrozenSet<Permission> BehindGlass = [Permission.ReadRisk, Permission.ReadPatient, Permission.ReadIdentity];

    public static bool Has(Role role, Permission permission) => permission == Permission.Public || Table[role].Contains(permission);

    /// <summary>Whether one of the roles gives the permission; while glass is open, also what that adds.</summary>
    public static bool Has(IEnumerable<Role> roles, Permission permission, BreakGlassScope? glass = null) =>
        roles.Any(role => Has(role, permission)
            || (glass is not null && BehindGlass.Contains(permission) && Has(role, Permission.BreakGlass)));

    /// <summary>Roles that belong to people; the others are for programs.</summary>
    public static bool IsPersonal(Role role) => role is not (Role.Owner or Role.Sender or Role.ClinicalApp);

    private static FrozenSet<Permission> Of(params IEnumerable<Permission> permissions) => Work.Concat(permissions).ToFrozenSet();
}
