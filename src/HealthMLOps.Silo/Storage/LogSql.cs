using System.Data.Common;
using HealthMLOps.Clinical;

namespace HealthMLOps.Storage;

/// <summary>What the log's statements share on both databases.</summary>
internal static class LogSql
{
    public const string ResourceColumns = "resource, patient, last_updated_ticks, version_number, content_hash, standing, sealed_id";

    public const string UpsertResource =
        """
        ON CONFLICT (resource) DO UPDATE SET
            patient = excluded.patient, last_updated_ticks = excluded.last_updated_ticks, version_number = excluded.version_number,
            content_hash = excluded.content_hash, standing = excluded.standing, sealed_id = excluded.sealed_id
        WHERE (excluded.last_updated_ticks, excluded.version_number, excluded.content_hash)
            > (resource_index.last_updated_ticks, resource_index.version_number, resource_index.content_hash)
        """;

    public const string UpsertSnapshot =
        """
        ON CONFLICT (patient) DO UPDATE SET number = excluded.number, payload = excluded.payload
        WHERE excluded.number > snapshots.number
        """;

    /// <summary>An unsigned hash as the signed number that orders alike: its highest bit flipped.</summary>
    public static long Signed(ulong hash) => unchecked((long)(hash ^ (1UL << 63)));

    public static ulong Unsigned(long stored) => unchecked((ulong)stored) ^ (1UL << 63);

    /// <summary>A row of <see cref="ResourceColumns"/>.</summary>
    public static IndexedResource ResourceOf(DbDataReader row) => new(
        ResourceKey.From(row.GetFieldValue<byte[]>(0)), new PatientKey(row.GetString(1)),
        new ResourceVersion(row.GetInt64(2), row.GetInt64(3), Unsigned(row.GetInt64(4))),
        (FactStanding)row.GetInt16(5), row.GetFieldValue<byte[]>(6));
}
