using HealthMLOps.Patients;
using Orleans.Serialization;

namespace HealthMLOps.Storage;

/// <summary>Turns of the log as bytes, with their format's version in front.</summary>
public sealed class TurnCodec(Serializer<PatientTurn> serializer)
{
    public byte[] Encode(PatientTurn turn) => VersionedPayload.With(serializer.SerializeToArray(turn));

    /// <exception cref="InvalidDataException">The payload has a version that this release does not know.</exception>
    public PatientTurn Decode(ReadOnlyMemory<byte> payload) => serializer.Deserialize(VersionedPayload.ContentOf(payload, "turn"))
        ?? throw new InvalidDataException("A stored turn is null.");
}
