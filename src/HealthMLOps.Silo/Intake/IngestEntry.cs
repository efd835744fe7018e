using System.Text.Json;
using HealthMLOps.Privacy;

namespace HealthMLOps.Intake;

/// <summary>One thing to take in: a resource, or a delete (no resource).</summary>
public sealed record IngestEntry
{
    public JsonElement? Resource { get; init; }

    /// <summary>From the request or the entry's URL; required for a delete.</summary>
    public string? Type { get; init; }
    public Phi? Id { get; init; }
    public ReferenceScope Scope { get; init; } = ReferenceScope.Empty;

    /// <summary>When the EHR says that it deleted the resource; null = now.</summary>
    public DateTimeOffset? ChangedAt { get; init; }

    /// <summary>When it first arrived, where it waited in quarantine since; null = now.</summary>
    public DateTimeOffset? FirstArrived { get; init; }

    /// <summary>What was wrong before the resource could be read; the entry is quarantined as it is.</summary>
    public ReadResource.Refused? Problem { get; init; }

    /// <summary>What is quarantined if it is refused: the resource, or what <see cref="Raw"/> holds.</summary>
    public QuarantinedForm Form { get; init; } = QuarantinedForm.Resource;

    /// <summary>The bytes as they came, where it is not the resource that is quarantined.</summary>
    public ReadOnlyMemory<byte> Raw { get; init; }

    /// <summary>Tells nothing of the resource, which would else be written out whole.</summary>
    public override string ToString() => $"[entry: {Form}]";
}
