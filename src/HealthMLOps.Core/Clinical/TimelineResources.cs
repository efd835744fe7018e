using System.Runtime.InteropServices;

namespace HealthMLOps.Clinical;

/// <summary>What a timeline remembers of one resource: which version stands, and how many entries of it are held.</summary>
/// <param name="IsUnversioned">The EHR sent no version, so that its content alone tells a repeat.</param>
/// <param name="IsEmpty">The version that stands says nothing usable: retracted, deleted, moved or unusable.</param>
internal readonly record struct HeldResource(ResourceKey Key, ResourceVersion Version, int EntryCount, bool IsUnversioned, bool IsEmpty);

/// <summary>The resources of a timeline, sorted by key on 64 shelves, so that a change copies one short shelf.</summary>
internal sealed class TimelineResources
{
    private const int ShelfCount = 64;
    private readonly HeldResource[][] _shelves;

    private TimelineResources(HeldResource[][] shelves, int emptyCount) => (_shelves, EmptyCount) = (shelves, emptyCount);

    public static TimelineResources None { get; } = new([.. Enumerable.Repeat(Array.Empty<HeldResource>(), ShelfCount)], 0);

    public int EmptyCount { get; }

    public static TimelineResources Of(IEnumerable<HeldResource> resources)
    {
        var draft = new Draft(None);
        foreach (var resource in resources) draft.Put(resource);
        return draft.After();
    }

    /// <summary>All resources, by shelf and key.</summary>
    public IEnumerable<HeldResource> All() => _shelves.SelectMany(shelf => shelf);

    public bool SameAs(TimelineResources other)
    {
        for (var i = 0; i < ShelfCount; i++)
            if (!_shelves[i].AsSpan().SequenceEqual(other._shelves[i])) return false;
        return true;
    }

    private static int ShelfOf(ResourceKey key) => (int)(key.High >> 58);

    private static int PlaceOf(ReadOnlySpan<HeldResource> shelf, ResourceKey key)
    {
        var (low, high) = (0, shelf.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = shelf[middle].Key.CompareTo(key);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }
        return ~low;
    }

    /// <summary>Resources in the making; shelves are copied when first touched.</summary>
    internal sealed class Draft(TimelineResources before)
    {
        private readonly List<HeldResource>?[] _touched = new List<HeldResource>?[ShelfCount];

        public int EmptyCount { get; private set; } = before.EmptyCount;

        public HeldResource? Find(ResourceKey key)
        {
            var shelf = Shelf(ShelfOf(key));
            var place = PlaceOf(shelf, key);
            return place >= 0 ? shelf[place] : null;
        }

        public void Put(HeldResource resource)
        {
            var shelf = Touch(resource.Key);
            var place = PlaceOf(CollectionsMarshal.AsSpan(shelf), resource.Key);
            if (resource.IsEmpty) EmptyCount++;
            if (place < 0) { shelf.Insert(~place, resource); return; }
            if (shelf[place].IsEmpty) EmptyCount--;
            shelf[place] = resource;
        }

        public void Remove(ResourceKey key)
        {
            var shelf = Touch(key);
            var place = PlaceOf(CollectionsMarshal.AsSpan(shelf), key);
            if (place < 0) return;
            if (shelf[place].IsEmpty) EmptyCount--;
            shelf.RemoveAt(place);
        }

        /// <summary>The empty resource with the oldest version.</summary>
        public HeldResource OldestEmpty()
        {
            HeldResource? oldest = null;
            for (var i = 0; i < ShelfCount; i++)
                foreach (var resource in Shelf(i))
                    if (resource.IsEmpty && (oldest is not { } least || (resource.Version, resource.Key).CompareTo((least.Version, least.Key)) < 0)) oldest = resource;
            return oldest ?? throw new InvalidOperationException("Asked for the oldest empty resource of a timeline that holds none.");
        }

        public TimelineResources After()
        {
            var shelves = (HeldResource[][])before._shelves.Clone();
            for (var i = 0; i < ShelfCount; i++)
                if (_touched[i] is { } touched) shelves[i] = [.. touched];
            return new TimelineResources(shelves, EmptyCount);
        }

        private ReadOnlySpan<HeldResource> Shelf(int number) =>
            _touched[number] is { } touched ? CollectionsMarshal.AsSpan(touched) : before._shelves[number];

        private List<HeldResource> Touch(ResourceKey key) => _touched[ShelfOf(key)] ??= [.. before._shelves[ShelfOf(key)]];
    }
}
