using System.Collections.Frozen;
using System.Text.RegularExpressions;
using HealthMLOps.Clinical;

namespace HealthMLOps.Audit;

/// <summary>What of the record may be hidden once its time is over: nothing under a legal hold, and nothing of a version that was ever in a ring.</summary>
/// <param name="HeldObjects">Objects under hold, by name.</param>
/// <param name="HeldPatients">Patients under hold.</param>
/// <param name="RungVersions">Model versions ("sepsis@3") that were ever in a ring.</param>
public sealed partial record Retention(FrozenSet<string> HeldObjects, FrozenSet<PatientKey> HeldPatients, FrozenSet<string> RungVersions)
{
    /// <summary>Actions that are evidence in themselves.</summary>
    private static readonly string[] EvidenceActions = ["ring.", "rollout.", "halt.", "signature.", "record."];

    /// <summary>Entries before this have served their time.</summary>
    public static DateTimeOffset ExpiredBefore(DateTimeOffset now, int keepYears) => now.AddYears(-keepYears);

    /// <summary>Whether an action moves a version through rings; its object then names the version.</summary>
    public static bool IsOfRings(string action) => action.StartsWith("ring.", StringComparison.Ordinal) || action.StartsWith("rollout.", StringComparison.Ordinal);

    /// <summary>The model versions that an object's name holds.</summary>
    public static IEnumerable<string> VersionsIn(string? named) => named is null ? [] : Version().Matches(named).Select(m => m.Value);

    public bool MayHide(AuditEntry entry) =>
        !EvidenceActions.Any(start => entry.Action.StartsWith(start, StringComparison.Ordinal))
        && (entry.Object is null || !HeldObjects.Contains(entry.Object))
        && (entry.Patient is not { } patient || !HeldPatients.Contains(patient))
        && !VersionsIn(entry.Object).Any(v => RungVersions.Contains(v) || HeldObjects.Contains(v));

    [GeneratedRegex("[a-z0-9][a-z0-9-]*@[0-9]+")]
    private static partial Regex Version();
}
