using System.Collections.Frozen;
using System.Collections.Immutable;

namespace HealthMLOps.Clinical;

/// <summary>A patient's record as features see it: ordered, deduplicated, bounded.</summary>
/// <remarks>
/// What is held is a pure function of the set of facts, whatever their order and repeats: of each resource the newest version
/// stands, and of each series the newest entries are held. Entries that could never have been known (no available time) are
/// not held; a version without an available time still supersedes its elders, for a withdrawn value must not be used.
/// </remarks>
[Immutable, Alias("timeline")]
public sealed class Timeline : IEquatable<Timeline>
{
    internal Timeline(
        TimelineBounds bounds, ImmutableArray<TimelineSeries> series, TimelineResources resources,
        ImmutableDictionary<ResourceKey, ImmutableArray<ulong>> formerContents, TimelineMemory memory)
    {
        (Bounds, Series, Resources, FormerContents, Memory) = (bounds, series, resources, formerContents, memory);
        foreach (var one in series) EntryCount += one.Entries.Length;
    }

    /// <summary>Nothing is known of the patient.</summary>
    public static Timeline Empty { get; } = EmptyWithin(TimelineBounds.Default);

    public static Timeline EmptyWithin(TimelineBounds bounds) =>
        new(bounds, [], TimelineResources.None, ImmutableDictionary<ResourceKey, ImmutableArray<ulong>>.Empty, TimelineMemory.Live);

    public TimelineBounds Bounds { get; }

    /// <summary>Everything held, by kind and name.</summary>
    public ImmutableArray<TimelineSeries> Series { get; }

    public int EntryCount { get; }

    internal TimelineResources Resources { get; }

    /// <summary>Hashes of superseded contents of resources that come without versions, ascending.</summary>
    internal ImmutableDictionary<ResourceKey, ImmutableArray<ulong>> FormerContents { get; }
    internal TimelineMemory Memory { get; }

    /// <summary>The bounded timeline of these facts in any order: what admitting them one by one ends in.</summary>
    public static Timeline Of(IEnumerable<Fact> facts, TimelineBounds? bounds = null) =>
        TimelineRebuild.Bounded(facts, bounds ?? TimelineBounds.Default);

    /// <summary>Everything that was known at <paramref name="knownAt"/>, without bounds: versions and entries available by then.</summary>
    public static Timeline Of(IEnumerable<Fact> facts, DateTimeOffset knownAt, TimelineBounds? bounds = null) =>
        TimelineRebuild.AsKnownAt(facts, knownAt.UtcTicks, bounds ?? TimelineBounds.Default);

    /// <summary>Takes in versions of resources: repeats and older versions change nothing, newer ones replace.</summary>
    public TimelineChange Admit(ImmutableArray<Fact> facts) => Admit(facts, FrozenSet<ResourceKey>.Empty);

    /// <inheritdoc cref="Admit(ImmutableArray{Fact})"/>
    /// <param name="neverSeen">Resources of which the resource index knows no version: they can't have been forgotten, which spares replays.</param>
    /// <exception cref="InvalidOperationException">The timeline was rebuilt as known at a time, so it takes in nothing.</exception>
    public TimelineChange Admit(ImmutableArray<Fact> facts, IReadOnlySet<ResourceKey> neverSeen)
    {
        if (Memory.KnownToTicks != long.MaxValue) throw new InvalidOperationException("A timeline as known at a past time admits no facts.");
        var draft = new TimelineDraft(this, neverSeen);
        var admissions = ImmutableArray.CreateBuilder<Admission>(facts.Length);
        foreach (var fact in facts) admissions.Add(draft.Admit(fact));
        var after = draft.After();
        return new TimelineChange(after, admissions.MoveToImmutable(), draft.MustReplay);
    }

    /// <summary>Whether this version may have been admitted before, and left the bounded memory since.</summary>
    public bool MayHaveForgotten(Fact fact) =>
        Memory.ForgottenVersion is { } forgotten
        && (fact.Version <= forgotten || (Memory.HasForgottenContents && fact.IsUnversioned()));

    /// <summary>Whether what is held gives the same answer as the whole log, for what was true at one time and known at another.</summary>
    public bool CanAnswer(DateTimeOffset asOf, DateTimeOffset knownAt)
    {
        var (asOfTicks, knownTicks) = (asOf.UtcTicks, knownAt.UtcTicks);
        if (knownTicks < Memory.NewestKnownTicks || knownTicks > Memory.KnownToTicks || Memory.OverflowTicks > 0) return false;
        foreach (var series in Series)
            if (series.HasDropped && (series.NewestEffectiveTicks > asOfTicks || series.NewestAvailableTicks > knownTicks)) return false;
        return true;
    }

    public TimelineSeries? Find(SeriesKey key)
    {
        var place = TimelineDraft.PlaceOf(Series.AsSpan(), key);
        return place >= 0 ? Series[place] : null;
    }

    /// <summary>The entries of a series that were true at <paramref name="asOfTicks"/>, oldest first, as many as bounds show of it.</summary>
    public ReadOnlySpan<TimelineEntry> UpTo(SeriesKey key, long asOfTicks) =>
        Find(key) is { } series ? series.UpTo(asOfTicks, Bounds.CountMax(key.Kind)) : [];

    /// <summary>Whether both hold the same, entry for entry and version for version.</summary>
    public bool Equals(Timeline? other)
    {
        if (other is null || Series.Length != other.Series.Length || FormerContents.Count != other.FormerContents.Count) return false;
        for (var i = 0; i < Series.Length; i++)
            if (!Series[i].SameAs(other.Series[i])) return false;
        foreach (var (resource, contents) in FormerContents)
            if (!other.FormerContents.TryGetValue(resource, out var others) || !contents.AsSpan().SequenceEqual(others.AsSpan())) return false;
        return Memory.OverflowTicks == other.Memory.OverflowTicks && Resources.SameAs(other.Resources);
    }

    public override bool Equals(object? obj) => Equals(obj as Timeline);

    public override int GetHashCode() => HashCode.Combine(Series.Length, EntryCount, FormerContents.Count);
}
