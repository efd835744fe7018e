using System.Buffers.Binary;
using System.Text;
using HealthMLOps.Clinical;
using HealthMLOps.Storage;

namespace HealthMLOps.Privacy;

/// <summary>A patient's sealed name on its way into the vault: it commits with the facts that brought it, in the log's outbox.</summary>
/// <param name="Patient">Whose name.</param>
/// <param name="Version">The version of the Patient resource that says so.</param>
/// <param name="Sealed">The name, sealed.</param>
public readonly record struct VaultedName(PatientKey Patient, ResourceVersion Version, byte[] Sealed)
{
    public const string Kind = "patient-name";

    private const int NumberAt = 8;
    private const int PatientAt = 16;
    private const int SealedAt = PatientAt + 29;

    public OutboxEntry ToOutbox()
    {
        var payload = new byte[SealedAt + Sealed.Length];
        BinaryPrimitives.WriteInt64BigEndian(payload, Version.LastUpdatedTicks);
        BinaryPrimitives.WriteInt64BigEndian(payload.AsSpan(NumberAt), Version.Number);
        Encoding.ASCII.GetBytes(Patient.Value, payload.AsSpan(PatientAt));
        Sealed.CopyTo(payload, SealedAt);
        return new OutboxEntry(Kind, payload);
    }

    public static VaultedName From(ReadOnlySpan<byte> payload) => new(
        new PatientKey(Encoding.ASCII.GetString(payload[PatientAt..SealedAt])),
        new ResourceVersion(BinaryPrimitives.ReadInt64BigEndian(payload), BinaryPrimitives.ReadInt64BigEndian(payload[NumberAt..]), 0),
        payload[SealedAt..].ToArray());
}
