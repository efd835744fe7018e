using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using HealthMLOps.Models;
using HealthMLOps.Signatures;

namespace HealthMLOps.Rings;

/// <summary>A plan to put one version into a ring, as it is proposed, signed and carried out: always these exact bytes.</summary>
[GenerateSerializer, Immutable, Alias("rollout-proposal")]
public sealed record Proposal
{
    [Id(0)] public required string Id { get; init; }
    [Id(1)] public required ModelVersion Version { get; init; }
    [Id(2)] public required string PackageDigest { get; init; }
    [Id(3)] public required RingStage Target { get; init; }

    /// <summary>In order; empty = every unit.</summary>
    [Id(4)] public required ImmutableArray<string> Units { get; init; }

    /// <summary>The person who proposes, and may not approve.</summary>
    [Id(5)] public required string By { get; init; }
    [Id(6)] public required DateTimeOffset At { get; init; }

    /// <summary>Digest of the ring policy under which it was proposed.</summary>
    [Id(7)] public required string Policy { get; init; }

    /// <summary>Digest of all placements that it was proposed on top of.</summary>
    [Id(8)] public required string Base { get; init; }

    /// <summary>Signatures over <see cref="Digest"/>; not part of it.</summary>
    [Id(9)] public ImmutableArray<Signature> Approvals { get; init; } = [];

    /// <summary>What a signer signs: the name of the thing.</summary>
    public string Subject => $"rollout-plan {Version} {Target.ToString().ToLowerInvariant()}";

    /// <summary>SHA-256 of <see cref="Canonical"/>, lower-case hexadecimal.</summary>
    public string Digest() => Sha256(Canonical());

    /// <summary>The bytes that are signed: JSON with its members in alphabetical order and nothing optional.</summary>
    public string Canonical() =>
        $$"""{"at":"{{At.UtcDateTime:yyyy-MM-ddTHH:mm:ss.fffffffZ}}","base":{{Text(Base)}},"by":{{Text(By)}},"id":{{Text(Id)}},"packageDigest":{{Text(PackageDigest)}},"policy":{{Text(Policy)}},"target":{{Text(Target.ToString().ToLowerInvariant())}},"units":[{{string.Join(',', Units.Select(Text))}}],"version":{{Text(Version.ToString())}}}""";

    internal static string Sha256(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static string Text(string text) => System.Text.Json.JsonSerializer.Serialize(text);
}
