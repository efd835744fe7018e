namespace HealthMLOps.Audit;

/// <summary>A legal hold: what it covers is never hidden while it stands.</summary>
/// <param name="Id">Its number.</param>
/// <param name="Kind">"object" or "patient".</param>
/// <param name="Value">The object's name, or the patient's pseudonym.</param>
public sealed record LegalHold(
    long Id, string Kind, string Value, string Reason, string PlacedBy, DateTimeOffset PlacedAt, string? ReleasedBy, DateTimeOffset? ReleasedAt)
{
    public const string Object = "object";
    public const string Patient = "patient";
}
