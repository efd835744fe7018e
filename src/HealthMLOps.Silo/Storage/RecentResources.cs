using System.Collections.Concurrent;
using HealthMLOps.Clinical;

namespace HealthMLOps.Storage;

/// <summary>What SQLite's table <c>resource_recent</c> holds, in memory: index rows that are durable but not yet sorted into the resource index.</summary>
/// <remarks>
/// Only the write thread changes it, after each commit; anybody may read. A row leaves only after the commit that put it into
/// the index, so who asks here first and the index second misses none. Rows are merged generation by generation: while the
/// sorted ones go into the index slice by slice, new ones gather. A repeated merge changes nothing.
/// </remarks>
internal sealed class RecentResources(int rowsMax = RecentResources.RowsMax)
{
    /// <summary>Rows that gather before they are sorted into the index; about 40 MB.</summary>
    public const int RowsMax = 128 * 1024;

    private volatile Generations _held = new([], []);
    private IndexedResource[] _sorted = [];
    private int _merged;

    /// <summary>The rows that are here at this moment.</summary>
    public Generations Held => _held;

    public bool IsMerging => _merged < _sorted.Length;

    public bool IsFull => !IsMerging && _held.Young.Count >= rowsMax;

    /// <summary>Forgets everything and takes what the table holds.</summary>
    public void Load(IEnumerable<IndexedResource> stored)
    {
        var young = new ConcurrentDictionary<ResourceKey, IndexedResource>();
        foreach (var resource in stored) Put(young, resource);
        (_sorted, _merged) = ([], 0);
        _held = new Generations(young, []);
    }

    public void Add(IReadOnlyList<IndexedResource> committed)
    {
        var young = _held.Young;
        foreach (var resource in committed) Put(young, resource);
    }

    /// <summary>Closes the generation; it waits in key order for <see cref="Slice"/>.</summary>
    public void BeginMerge()
    {
        var old = _held.Young;
        _held = new Generations([], old);
        _sorted = [.. old.Values.OrderBy(resource => resource.Resource)];
        _merged = 0;
    }

    /// <summary>The next rows for the index.</summary>
    public ReadOnlySpan<IndexedResource> Slice(int rowsMax) => _sorted.AsSpan(_merged, Math.Min(rowsMax, _sorted.Length - _merged));

    public bool IsLast(ReadOnlySpan<IndexedResource> slice) => _merged + slice.Length == _sorted.Length;

    /// <summary>The next rows are durable in the index; after the last ones the generation is gone.</summary>
    public void Merged(int rows)
    {
        _merged += rows;
        if (IsMerging) return;
        (_sorted, _merged) = ([], 0);
        _held = new Generations(_held.Young, []);
    }

    private static void Put(ConcurrentDictionary<ResourceKey, IndexedResource> rows, IndexedResource resource)
    {
        if (!rows.TryGetValue(resource.Resource, out var held) || resource.Version > held.Version) rows[resource.Resource] = resource;
    }

    /// <summary>The rows that gather, and those being merged.</summary>
    public sealed record Generations(
        ConcurrentDictionary<ResourceKey, IndexedResource> Young, ConcurrentDictionary<ResourceKey, IndexedResource> Old)
    {
        /// <summary>The newest version of a resource among these and what the index says.</summary>
        public IndexedResource? Newest(ResourceKey resource, IndexedResource? indexed)
        {
            if (Old.TryGetValue(resource, out var old) && (indexed is null || old.Version > indexed.Version)) indexed = old;
            if (Young.TryGetValue(resource, out var young) && (indexed is null || young.Version > indexed.Version)) indexed = young;
            return indexed;
        }
    }
}
