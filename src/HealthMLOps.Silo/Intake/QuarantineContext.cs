using System.Text.Json;
using System.Text.Json.Serialization;
using HealthMLOps.Patients;
using HealthMLOps.Privacy;

namespace HealthMLOps.Intake;

/// <summary>What a quarantined payload needs beside its bytes to be taken in again as it came. Identified: kept sealed.</summary>
public sealed record QuarantineContext
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter(), new KeptPhi() }, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
    };

    /// <summary>What is assumed of an item that was kept before contexts were.</summary>
    public static QuarantineContext Unknown { get; } = new() { Form = QuarantinedForm.Document };

    public required QuarantinedForm Form { get; init; }

    public FactOrigin Origin { get; init; } = FactOrigin.Live;

    /// <summary>The type that the address named; null where none did.</summary>
    public string? Type { get; init; }

    /// <summary>The id that the address or the bundle gave it.</summary>
    public Phi? Id { get; init; }

    public DateTimeOffset? ChangedAt { get; init; }

    public IReadOnlyList<KeptReference> References { get; init; } = [];

    public static QuarantineContext Of(IngestEntry entry, FactOrigin origin) => new()
    {
        Form = entry.Form,
        Origin = origin,
        Id = entry.Form == QuarantinedForm.Resource ? entry.Id : null,
        ChangedAt = entry.ChangedAt,
        References = entry.Form switch
        {
            QuarantinedForm.Resource when entry.Resource is { } resource => entry.Scope.KeptFor(resource),
            QuarantinedForm.BundleEntry => KeptFor(entry),
            _ => [],
        },
    };

    public byte[] ToBytes() => JsonSerializer.SerializeToUtf8Bytes(this, Format);

    public static QuarantineContext FromBytes(ReadOnlySpan<byte> bytes) =>
        JsonSerializer.Deserialize<QuarantineContext>(bytes, Format) ?? throw new JsonException("A quarantine context is null.");

    public override string ToString() => $"[quarantined {Form}]";

    private static IReadOnlyList<KeptReference> KeptFor(IngestEntry entry)
    {
        using var json = JsonDocument.Parse(entry.Raw);
        return [.. entry.Scope.KeptFor(json.RootElement).Select(k => k with { Resource = k.Resource?.Clone() })];
    }
}
