using System.Collections.Frozen;

namespace HealthMLOps.Access;

/// <summary>Purposes of use (HL7 v3 ActReason) and what may be done under each.</summary>
public static class Purposes
{
    public const string Treatment = "TREAT";
    public const string Emergency = "ETREAT";
    public const string BreakGlass = "BTG";
    public const string Operations = "HOPERAT";

    /// <summary>Stands for whatever else somebody states; nothing is done for it.</summary>
    public const string Unknown = "unknown";

    private static readonly FrozenSet<Permission> AboutPatients =
        [Permission.ReadRisk, Permission.ReadPatient, Permission.ReadIdentity];

    /// <summary>The purposes that may be stated here. Marketing, payment and research are none of them.</summary>
    public static FrozenSet<string> Known { get; } = [Treatment, Emergency, BreakGlass, Operations];

    /// <summary>Whether what is asked serves the purpose: patients are looked at to treat them, not to run the house.</summary>
    public static bool Allows(string purpose, Permission permission) => AboutPatients.Contains(permission)
        ? purpose is Treatment or Emergency or BreakGlass
        : purpose is Treatment or Operations || (purpose is Emergency or BreakGlass && permission is Permission.ReadStatus or Permission.BreakGlass or Permission.Halt);

    /// <summary>What somebody comes for who states nothing.</summary>
    public static string UsualFor(IEnumerable<Role> roles) =>
        roles.Any(role => role is Role.Owner or Role.BedsideClinician or Role.ClinicianReviewer or Role.Sender or Role.ClinicalApp) ? Treatment : Operations;
}
