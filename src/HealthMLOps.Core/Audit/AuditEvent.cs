using System.Globalization;

namespace HealthMLOps.Audit;

/// <summary>One entry as the record commits to it: its place, its writer's former event, and what was done. Its canonical bytes are a leaf of the Merkle tree.</summary>
/// <param name="Place">Where it stands among its writer's events.</param>
/// <param name="Previous">The digest of the writer's former event; 32 zero bytes for the first.</param>
/// <param name="Entry">What was done. Its payload is not part of the event: <paramref name="Commitment"/> stands for it.</param>
/// <param name="Commitment">SHA-256(salt ‖ payload), or null where there is no payload. Salted, since a plain digest of PHI would be PHI.</param>
public sealed record AuditEvent(AuditPlace Place, byte[] Previous, AuditEntry Entry, byte[]? Commitment)
{
    public const int FormatVersion = 1;

    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'";

    /// <summary>What the first event of a writer follows from.</summary>
    public static byte[] NoPrevious => new byte[MerkleHash.Bytes];

    /// <summary>Canonical JSON (RFC 8785).</summary>
    public byte[] ToBytes() => new CanonicalObject()
        .Add("account", Entry.Account)
        .Add("action", Entry.Action)
        .Add("at", Entry.At.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture))
        .Add("commit", Commitment is null ? null : Convert.ToHexStringLower(Commitment))
        .Add("correlation", Entry.Correlation)
        .Add("object", Entry.Object)
        .Add("outcome", Entry.Outcome)
        .Add("patient", Entry.Patient?.Value)
        .Add("person", Entry.Person)
        .Add("prev", Convert.ToHexStringLower(Previous))
        .Add("purpose", Entry.Purpose)
        .Add("role", Entry.Role)
        .Add("sequence", Place.Sequence)
        .Add("v", FormatVersion)
        .Add("writer", Place.Writer)
        .ToBytes();

    /// <summary>The leaf's digest.</summary>
    public byte[] Digest() => MerkleHash.Leaf(ToBytes());
}
