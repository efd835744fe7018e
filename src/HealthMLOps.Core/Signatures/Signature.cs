namespace HealthMLOps.Signatures;

/// <summary>A person's signature over exact bytes (21 CFR 11.50 and 11.70: printed name, time, meaning, bound to the record).</summary>
[GenerateSerializer, Immutable, Alias("signature")]
public sealed record Signature
{
    [Id(0)] public required string Id { get; init; }

    /// <summary>Who signed; four eyes compare this, not accounts.</summary>
    [Id(1)] public required string Person { get; init; }
    [Id(2)] public required string PrintedName { get; init; }

    /// <summary>The role in which it was signed, kebab-case ("clinician-reviewer").</summary>
    [Id(3)] public required string Role { get; init; }

    /// <summary>What the signature says ("approve", "propose", "review").</summary>
    [Id(4)] public required string Meaning { get; init; }

    /// <summary>SHA-256 of the exact bytes signed, lower-case hexadecimal.</summary>
    [Id(5)] public required string Digest { get; init; }

    /// <summary>What the digest is of, by our own name ("rollout-plan sepsis@3 canary").</summary>
    [Id(6)] public required string Subject { get; init; }
    [Id(7)] public required DateTimeOffset At { get; init; }
}
