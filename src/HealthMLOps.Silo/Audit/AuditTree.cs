using HealthMLOps.Storage;
using Npgsql;

namespace HealthMLOps.Audit;

/// <summary>The Merkle tree over the record as it is stored: leaves, the roots of some complete subtrees, signed checkpoints.</summary>
/// <remarks>A leaf's number is the primary key, so of two grains that grow the tree at once one fails and reads again.</remarks>
public sealed class AuditTree(Database database)
{
    /// <summary>Every eighth level is stored, so that a proof reads at most 255 hashes for each of its few roots.</summary>
    private const int LevelsBetween = 8;

    /// <summary>Up to so many leaves the edge is built anew from all of them; a larger tree's from its stored subtrees.</summary>
    private const long RebuiltLeavesMax = 1 << 18;

    /// <summary>Leaves in the tree.</summary>
    public async Task<long> Size(CancellationToken cancellation) =>
        (await database.Query("SELECT coalesce(max(leaf) + 1, 0) FROM audit_leaves", row => row.GetInt64(0), cancellation))[0];

    /// <summary>How far the tree has taken each writer's events.</summary>
    public async Task<Dictionary<long, long>> Watermarks(CancellationToken cancellation) =>
        (await database.Query("SELECT id, (SELECT coalesce(max(sequence), 0) FROM audit_leaves WHERE writer = id) FROM writers",
            row => (Writer: row.GetInt64(0), Sequence: row.GetInt64(1)), cancellation)).ToDictionary(w => w.Writer, w => w.Sequence);

    /// <summary>The right edge of the tree of the first <paramref name="size"/> leaves.</summary>
    /// <exception cref="RecordBroken">Leaves or stored subtrees are missing, or do not fit each other.</exception>
    public async Task<MerkleFrontier> Edge(long size, CancellationToken cancellation)
    {
        if (size > RebuiltLeavesMax) return new MerkleFrontier(size, await Task.WhenAll(new MerkleRange(0, size).Subtrees().Select(s => Root(s, cancellation))));
        var edge = new MerkleFrontier();
        var stored = await database.Query($"SELECT level, position, hash FROM audit_nodes WHERE ((position + 1) << level) <= @size",
            row => (new MerkleSubtree(row.GetInt32(0), row.GetInt64(1)), Hash: row.GetFieldValue<byte[]>(2)), cancellation, ("@size", size));
        var nodes = stored.ToDictionary(n => n.Item1, n => n.Hash);
        await foreach (var (leaf, hash) in database.Stream("SELECT leaf, hash FROM audit_leaves WHERE leaf < @size ORDER BY leaf",
            row => (row.GetInt64(0), row.GetFieldValue<byte[]>(1)), cancellation, ("@size", size)))
        {
            if (leaf != edge.Size) throw new RecordBroken($"The record's tree has no leaf {edge.Size}; the next one is {leaf}.");
            edge.Append(hash, (subtree, root) =>
            {
                if (subtree.Level % LevelsBetween == 0 && (!nodes.TryGetValue(subtree, out var kept) || !kept.AsSpan().SequenceEqual(root)))
                    throw new RecordBroken($"The record's leaves {subtree.From} to {subtree.To - 1} do not have the root that is stored for them.");
            });
        }
        return edge.Size == size ? edge : throw new RecordBroken($"The record's tree has {edge.Size} leaves; {size} are expected.");
    }

    /// <summary>The root of a range, as a proof needs it.</summary>
    public async Task<byte[]> Root(MerkleRange range, CancellationToken cancellation)
    {
        var roots = new List<byte[]>();
        foreach (var subtree in range.Subtrees()) roots.Add(await Root(subtree, cancellation));
        return MerkleFrontier.Fold(roots);
    }

    /// <summary>Adds leaves behind <paramref name="from"/>, with the subtrees that they complete, in one transaction.</summary>
    /// <exception cref="System.Data.Common.DbException">Somebody else has added leaves there, or the database does not answer.</exception>
    public async Task Append(long from, IReadOnlyList<(AuditPlace Place, byte[] Digest)> leaves, IReadOnlyList<(MerkleSubtree Subtree, byte[] Root)> completed, CancellationToken cancellation)
    {
        var numbered = leaves.Select((leaf, i) => (Leaf: from + i, leaf.Place, leaf.Digest)).ToList();
        var nodes = completed.Where(c => c.Subtree.Level % LevelsBetween == 0).ToList();
        if (database.Provider == StorageProvider.Sqlite)
        {
            await database.OnSqlite(connection =>
            {
                using var transaction = connection.BeginTransaction(deferred: false);
                using var leaf = new SqliteStatement(connection, "INSERT INTO audit_leaves (leaf, writer, sequence, hash) VALUES ($1, $2, $3, $4)");
                using var node = new SqliteStatement(connection, "INSERT INTO audit_nodes (level, position, hash) VALUES ($1, $2, $3)");
                foreach (var l in numbered) leaf.Run(l.Leaf, l.Place.Writer, l.Place.Sequence, l.Digest);
                foreach (var n in nodes) node.Run(n.Subtree.Level, n.Subtree.Position, n.Root);
                transaction.Commit();
                return true;
            });
            return;
        }
        await using var postgres = (NpgsqlConnection)await database.Source.OpenConnectionAsync(cancellation);
        await using var work = await postgres.BeginTransactionAsync(cancellation);
        await using var batch = new NpgsqlBatch(postgres, work);
        new PostgresRows<(long Leaf, AuditPlace Place, byte[] Digest)>("audit_leaves")
            .Column("leaf", "bigint", l => l.Leaf).Column("writer", "bigint", l => l.Place.Writer)
            .Column("sequence", "bigint", l => l.Place.Sequence).Column("hash", "bytea", l => l.Digest).AddTo(batch, numbered);
        new PostgresRows<(MerkleSubtree Subtree, byte[] Root)>("audit_nodes")
            .Column("level", "integer", n => n.Subtree.Level).Column("position", "bigint", n => n.Subtree.Position).Column("hash", "bytea", n => n.Root).AddTo(batch, nodes);
        await batch.ExecuteNonQueryAsync(cancellation);
        await work.CommitAsync(cancellation);
    }

    private async Task<byte[]> Root(MerkleSubtree subtree, CancellationToken cancellation)
    {
        var level = subtree.Level - subtree.Level % LevelsBetween;
        var (from, to) = (subtree.From >> level, subtree.To >> level);
        var hashes = level == 0
            ? await database.Query("SELECT hash FROM audit_leaves WHERE leaf >= @from AND leaf < @to ORDER BY leaf", row => row.GetFieldValue<byte[]>(0), cancellation, ("@from", from), ("@to", to))
            : await database.Query("SELECT hash FROM audit_nodes WHERE level = @level AND position >= @from AND position < @to ORDER BY position",
                row => row.GetFieldValue<byte[]>(0), cancellation, ("@level", level), ("@from", from), ("@to", to));
        if (hashes.Count != to - from) throw new RecordBroken($"The record's tree lacks {to - from - hashes.Count} hashes of level {level} under leaves {subtree.From} to {subtree.To - 1}.");
        while (hashes.Count > 1) hashes = [.. hashes.Chunk(2).Select(pair => MerkleHash.Node(pair[0], pair[1]))];
        return hashes[0];
    }
}
