using HealthMLOps.Privacy;
using Orleans.Serialization;
using Orleans.Storage;

namespace HealthMLOps.Storage;

/// <summary>States of control grains as bytes, sealed, with their format's version in front; no .NET type name gets into a row.</summary>
/// <remarks>What former releases left unsealed begins with another byte, and is read as it is.</remarks>
public sealed class GrainStateSerializer(Serializer serializer, PayloadSeal seal) : IGrainStorageSerializer
{
    private const byte Mark = 0xE2;
    private const string Context = "grain-state";

    public BinaryData Serialize<T>(T? input) =>
        BinaryData.FromBytes((byte[])[Mark, .. seal.Seal(VersionedPayload.With(serializer.SerializeToArray(input)), Context)]);

    public T Deserialize<T>(BinaryData input)
    {
        var stored = input.ToMemory();
        var plain = stored.Span is [Mark, .. var sealedState] ? seal.Open(sealedState, Context) : stored;
        return serializer.Deserialize<T>(VersionedPayload.ContentOf(plain, "grain state")) ?? throw new InvalidDataException("A stored grain state is null.");
    }
}
