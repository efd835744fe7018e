using HealthMLOps.Clinical;

namespace HealthMLOps.Storage;

/// <param name="Name">The file's name in its manifest.</param>
/// <param name="LineOffset">Lines that are durably dealt with.</param>
/// <param name="Admitted">Lines that became facts.</param>
/// <param name="Repeated">Lines that were known already.</param>
/// <param name="Quarantined">Lines that could not be used.</param>
/// <param name="Done">The file's end was reached.</param>
public sealed record ImportedFile(string Name, long LineOffset, long Admitted, long Repeated, long Quarantined, bool Done);

public sealed record ImportState(string Import, SourceName Source, DateTimeOffset Begun, string State, IReadOnlyList<ImportedFile> Files)
{
    public const string Running = "running";
    public const string Completed = "completed";
    public const string Failed = "failed";
}
