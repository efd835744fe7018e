using Orleans.Serialization;
using Orleans.Storage;

namespace HealthMLOps.Storage;

/// <summary>States of control grains as bytes, with their format's version in front; no .NET type name gets into a row.</summary>
public sealed class GrainStateSerializer(Serializer serializer) : IGrainStorageSerializer
{
    public BinaryData Serialize<T>(T? input) => BinaryData.FromBytes(VersionedPayload.With(serializer.SerializeToArray(input)));

    public T Deserialize<T>(BinaryData input) => serializer.Deserialize<T>(VersionedPayload.ContentOf(input.ToMemory(), "grain state"))
        ?? throw new InvalidDataException("A stored grain state is null.");
}
