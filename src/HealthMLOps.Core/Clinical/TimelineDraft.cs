using System.Collections.Immutable;

namespace HealthMLOps.Clinical;

/// <summary>A timeline in the making: copies what a batch of facts touches, and notices what bounded memory can't decide.</summary>
internal sealed class TimelineDraft(Timeline before, IReadOnlySet<ResourceKey> neverSeen)
{
    private readonly TimelineResources.Draft _resources = new(before.Resources);
    private readonly Dictionary<SeriesKey, SeriesDraft> _touched = [];
    private ImmutableDictionary<ResourceKey, ImmutableArray<ulong>> _formerContents = before.FormerContents;
    private TimelineMemory _memory = before.Memory;

    public bool MustReplay { get; private set; }

    public Admission Admit(Fact fact)
    {
        if (_resources.Find(fact.Resource) is not { } held) return AdmitUnheld(fact);
        if (held.Version == fact.Version || IsKnownContent(fact, held)) return Admission.Repeated;
        _memory = _memory.Known(fact.Available);
        if (fact.Version < held.Version)
        {
            if (fact.IsUnversioned()) RememberContent(fact.Resource, fact.Version.ContentHash);
            return Admission.Older;
        }
        if (held.IsUnversioned) RememberContent(fact.Resource, held.Version.ContentHash);
        if (held.IsEmpty && _memory.HasForgottenEmpties) MustReplay = true;
        Withdraw(held);
        Place(fact);
        return Admission.Updated;
    }

    public Timeline After()
    {
        var series = Merged();
        foreach (var one in _touched.Values)
            if (one.HasRemoved && (_memory.OverflowTicks > 0 || (one.HasDropped && one.Entries.Count < before.Bounds.CountMax(one.Key.Kind)))) MustReplay = true;

        var overflowTicks = TimelineRebuild.OverflowTicks(series, before.Bounds.EntriesMax);
        if (overflowTicks > _memory.OverflowTicks)
        {
            _memory = _memory with { OverflowTicks = overflowTicks };
            foreach (var one in series) Overflow(one, overflowTicks);
            series = Merged();
        }
        while (_resources.EmptyCount > before.Bounds.EmptyResourcesMax)
        {
            _memory = _memory with { HasForgottenEmpties = true };
            Forget(_resources.OldestEmpty());
        }
        return new Timeline(before.Bounds, series, _resources.After(), _formerContents, _memory);
    }

    public static int PlaceOf(ReadOnlySpan<TimelineSeries> series, SeriesKey key)
    {
        var (low, high) = (0, series.Length - 1);
        while (low <= high)
        {
            var middle = (low + high) >>> 1;
            var order = series[middle].Key.CompareTo(key);
            if (order == 0) return middle;
            if (order < 0) low = middle + 1;
            else high = middle - 1;
        }
        return ~low;
    }

    /// <summary>A resource that is new, or that bounded memory forgot: a version newer than all forgotten ones is safe to take.</summary>
    private Admission AdmitUnheld(Fact fact)
    {
        var mayBeForgotten = _memory.ForgottenVersion is not null && !neverSeen.Contains(fact.Resource);
        var mayBeOlder = fact.Version <= _memory.ForgottenVersion || _memory.HasForgottenContents;
        _memory = _memory.Known(fact.Available);
        Place(fact);
        // Where all series overflowed, a forgotten resource took room from others, which its new version may give back; and an
        // earlier arrival of a forgotten content may let another content stand.
        var mayMatterUnplaced = _memory.OverflowTicks > 0 || (_memory.HasForgottenContents && fact.IsUnversioned());
        if (mayBeForgotten && (mayMatterUnplaced || (mayBeOlder && _resources.Find(fact.Resource) is not null))) MustReplay = true;
        return Admission.Created;
    }

    /// <summary>Whether a resource without versions was seen with this content before, now or formerly.</summary>
    private bool IsKnownContent(Fact fact, HeldResource held)
    {
        if (!fact.IsUnversioned()) return false;
        if (held.IsUnversioned && held.Version.ContentHash == fact.Version.ContentHash)
        {
            // It arrived earlier than we thought, so a content that lost to it may now stand.
            if (fact.Version < held.Version) MustReplay = true;
            return true;
        }
        if (!_formerContents.TryGetValue(fact.Resource, out var contents)) return false;
        if (contents.BinarySearch(fact.Version.ContentHash) >= 0) return true;
        if (contents.Length >= before.Bounds.ContentsPerResourceMax) MustReplay = true;
        return false;
    }

    private void RememberContent(ResourceKey resource, ulong hash)
    {
        var contents = _formerContents.GetValueOrDefault(resource, []);
        _formerContents = _formerContents.SetItem(resource, TimelineRebuild.Contents([.. contents, hash], before.Bounds));
    }

    private void Withdraw(HeldResource held)
    {
        if (held.EntryCount == 0) return;
        foreach (var series in before.Series)
            if (!_touched.ContainsKey(series.Key) && Holds(series, held.Key)) Touch(series.Key);
        foreach (var series in _touched.Values) series.Remove(held.Key);
    }

    private static bool Holds(TimelineSeries series, ResourceKey resource)
    {
        foreach (ref readonly var entry in series.Entries.AsSpan())
            if (entry.Resource == resource) return true;
        return false;
    }

    private void Place(Fact fact)
    {
        var resource = new HeldResource(fact.Resource, fact.Version, 0, fact.IsUnversioned(), IsEmpty: true);
        _resources.Put(resource);
        var isUsable = false;
        for (var index = 0; index < fact.Entries.Length; index++)
        {
            if (TimelineRebuild.AvailableTicks(fact, fact.Entries[index]) is not { } availableTicks) continue;
            if (!isUsable) _resources.Put(resource with { IsEmpty = false });
            isUsable = true;
            Insert(fact, index, availableTicks);
        }
        if (isUsable && _resources.Find(fact.Resource) is { EntryCount: 0 } dropped) Forget(dropped);
    }

    private void Insert(Fact fact, int index, long availableTicks)
    {
        var entry = fact.Entries[index];
        var key = TimelineWords.SeriesOf(entry);
        var series = Touch(key);
        var held = TimelineRebuild.Entry(fact, index, availableTicks, series.Shared(entry));
        if (held.EffectiveTicks <= _memory.OverflowTicks && TimelineRebuild.CanOverflow(key.Kind)) return;
        if (!series.Insert(held)) return;
        Count(held.Resource, +1);
        if (series.Entries.Count <= before.Bounds.CountMax(key.Kind)) return;
        var oldest = series.DropOldest();
        if (Count(oldest.Resource, -1) is { EntryCount: 0 } emptied && emptied.Key != fact.Resource) Forget(emptied);
    }

    private HeldResource Count(ResourceKey key, int change)
    {
        var held = _resources.Find(key) ?? throw new InvalidOperationException("An entry is held of a resource that is not.");
        var counted = held with { EntryCount = held.EntryCount + change };
        _resources.Put(counted);
        return counted;
    }

    private void Forget(HeldResource resource)
    {
        _resources.Remove(resource.Key);
        _memory = _memory.Forgetting(resource.Version);
        if (!resource.IsUnversioned && !_formerContents.ContainsKey(resource.Key)) return;
        _formerContents = _formerContents.Remove(resource.Key);
        _memory = _memory with { HasForgottenContents = true };
    }

    private void Overflow(TimelineSeries series, long overflowTicks)
    {
        if (!TimelineRebuild.CanOverflow(series.Key.Kind) || series.Entries[0].EffectiveTicks > overflowTicks) return;
        var draft = Touch(series.Key);
        while (draft.Entries.Count > 0 && draft.Entries[0].EffectiveTicks <= overflowTicks)
            if (Count(draft.DropOldest().Resource, -1) is { EntryCount: 0 } emptied) Forget(emptied);
    }

    private SeriesDraft Touch(SeriesKey key)
    {
        if (_touched.TryGetValue(key, out var draft)) return draft;
        return _touched[key] = new SeriesDraft(key, before.Find(key), before.Bounds.CountMax(key.Kind));
    }

    /// <summary>The series after the changes so far, in order; a series without entries is none.</summary>
    private ImmutableArray<TimelineSeries> Merged()
    {
        var series = new List<TimelineSeries>(before.Series.Length + _touched.Count);
        foreach (var one in before.Series)
            if (!_touched.ContainsKey(one.Key)) series.Add(one);
        foreach (var one in _touched.Values)
            if (one.Entries.Count > 0) series.Add(new TimelineSeries(one.Key, [.. one.Entries], one.HasDropped));
        series.Sort((a, b) => a.Key.CompareTo(b.Key));
        return [.. series];
    }
}
