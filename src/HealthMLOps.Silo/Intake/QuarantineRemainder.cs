namespace HealthMLOps.Intake;

/// <summary>An item that an erasure leaves in quarantine, for somebody to look at.</summary>
/// <param name="Id">The item's number.</param>
/// <param name="Reason">Why it stays: one of the constants here.</param>
public sealed record QuarantineRemainder(long Id, string Reason)
{
    /// <summary>It is about the erased patient and about others.</summary>
    public const string NamesOthers = "names-others";

    /// <summary>It does not say by an EHR id whom it is about, or not of everybody: it may be about the erased patient.</summary>
    public const string Undecidable = "undecidable";

    /// <summary>It can't be opened or read.</summary>
    public const string Unreadable = "unreadable";

    public override string ToString() => $"[item {Id} stays]";
}
