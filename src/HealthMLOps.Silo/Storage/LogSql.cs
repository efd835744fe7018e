using System.Data.Common;
using HealthMLOps.Clinical;

namespace HealthMLOps.Storage;

/// <summary>What the log's statements share on both databases.</summary>
internal static class LogSql
{
    public const string ResourceColumns = "resource, patient, last_updated_ticks, version_number, content_hash, standing, sealed_id";

    private const string Sent = "(excluded.last_updated_ticks, excluded.version_number, excluded.content_hash)";
    private const string Held = "(resource_index.last_updated_ticks, resource_index.version_number, resource_index.content_hash)";

    /// <summary>
    /// The newest version stands. Where two patients claim the resource, the row names the one that lost it: the row's lock
    /// puts all claims in one order, so that whichever commits second sees the first, and no claim is missed.
    /// </summary>
    public const string UpsertResource =
        $"""
        ON CONFLICT (resource) DO UPDATE SET
            displaced = CASE WHEN {Sent} > {Held} THEN resource_index.patient ELSE excluded.patient END,
            patient = CASE WHEN {Sent} > {Held} THEN excluded.patient ELSE resource_index.patient END,
            standing = CASE WHEN {Sent} > {Held} THEN excluded.standing ELSE resource_index.standing END,
            sealed_id = CASE WHEN {Sent} > {Held} THEN excluded.sealed_id ELSE resource_index.sealed_id END,
            last_updated_ticks = CASE WHEN {Sent} > {Held} THEN excluded.last_updated_ticks ELSE resource_index.last_updated_ticks END,
            version_number = CASE WHEN {Sent} > {Held} THEN excluded.version_number ELSE resource_index.version_number END,
            content_hash = CASE WHEN {Sent} > {Held} THEN excluded.content_hash ELSE resource_index.content_hash END
        WHERE {Sent} > {Held} OR (excluded.patient <> resource_index.patient AND {Sent} < {Held})
        """;

    public const string UpsertSnapshot =
        """
        ON CONFLICT (patient) DO UPDATE SET number = excluded.number, payload = excluded.payload
        WHERE excluded.number > snapshots.number
        """;

    /// <summary>What is sealed under a key that is not stored could never be read: the commit is refused instead.</summary>
    public static InvalidOperationException SecondKey() => new("A patient who has a data key was given a second one; nothing was written.");

    /// <summary>An unsigned hash as the signed number that orders alike: its highest bit flipped.</summary>
    public static long Signed(ulong hash) => unchecked((long)(hash ^ (1UL << 63)));

    public static ulong Unsigned(long stored) => unchecked((ulong)stored) ^ (1UL << 63);

    /// <summary>A row of <see cref="ResourceColumns"/>.</summary>
    public static IndexedResource ResourceOf(DbDataReader row) => new(
        ResourceKey.From(row.GetFieldValue<byte[]>(0)), new PatientKey(row.GetString(1)),
        new ResourceVersion(row.GetInt64(2), row.GetInt64(3), Unsigned(row.GetInt64(4))),
        (FactStanding)row.GetInt16(5), row.GetFieldValue<byte[]>(6));
}
