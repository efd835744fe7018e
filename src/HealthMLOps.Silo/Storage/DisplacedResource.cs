using System.Text;
using HealthMLOps.Clinical;

namespace HealthMLOps.Storage;

/// <summary>A patient that a resource was taken from, or refused to, by a newer version: it must withdraw what it holds of it.</summary>
/// <remarks>The log itself finds these while it commits, under the index row's lock, and puts them into the outbox of the same transaction.</remarks>
public readonly record struct DisplacedResource(PatientKey Patient, ResourceKey Resource)
{
    public const string Kind = "displaced";
    private const int ResourceBytes = 16;

    public OutboxEntry ToOutbox() => new(Kind, [.. Resource.ToBytes(), .. Encoding.ASCII.GetBytes(Patient.Value)]);

    public static DisplacedResource From(ReadOnlySpan<byte> payload) =>
        new(new PatientKey(Encoding.ASCII.GetString(payload[ResourceBytes..])), ResourceKey.From(payload[..ResourceBytes]));
}
