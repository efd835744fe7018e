using System.Collections.Immutable;
using CsCheck;
using HealthMLOps.Clinical;
using HealthMLOps.Features;
using HealthMLOps.Tests.Unit.Features;
using static HealthMLOps.Tests.Unit.Clinical.AFact;

namespace HealthMLOps.Tests.Unit.Clinical;

/// <summary>What must hold of every timeline, tried on generated records with bounds small enough to bite.</summary>
public sealed class TimelineLawsTests
{
    private static readonly TimelineBounds Tight = new(6, 5, 14, 4, 2);
    private static readonly string[] Concepts = ["heart-rate", "creatinine"];

    private static readonly Gen<Entry> AnyEntry = Gen.Select(Gen.Int[0, 5], Gen.Int[0, 30], Gen.Int[0, 6], Gen.Int[0, 8]).Select((kind, hour, value, delay) =>
    {
        Entry entry = kind switch
        {
            0 => Step((EncounterStep)(value % 4), hour, value > 3 ? "IMP" : "EMER"),
            1 => Event(ClinicalEventKind.Condition, value % 2 == 0 ? EventPhase.Start : EventPhase.End, hour, $"snomed|{value}"),
            _ => Value(Concepts[kind % 2], value, hour),
        };
        return entry with { Available = delay == 8 ? null : Hour(hour + delay) };
    });

    private static readonly Gen<Fact> Versioned =
        Gen.Select(Gen.Int[1, 14], Gen.Int[1, 4], Gen.Int[0, 40], Gen.Int[0, 9], AnyEntry.Array[0, 3]).Select((resource, version, known, standing, entries) =>
        {
            var fact = Of(resource, version, standing == 9 ? null : Hour(known), entries);
            if (resource % 3 > 0) fact = fact.ChangedAt((version * 6) + resource);
            return standing is 0 or 1 ? fact.WithStanding((FactStanding)(standing + 1)) : fact;
        });

    /// <summary>A resource's content decides its entries, as a hash does.</summary>
    private static readonly Gen<Fact> WithoutVersion =
        Gen.Select(Gen.Int[20, 23], Gen.Int[1, 4], Gen.Int[0, 40]).Select((resource, content, arrived) =>
            Unversioned(resource, (ulong)content, Hour(arrived), Value("heart-rate", content, resource + content)));

    /// <summary>Each (resource, version) once: an EHR does not say two things under one version.</summary>
    private static readonly Gen<Fact[]> Record = Gen.Select(Versioned.Array[0, 40], WithoutVersion.Array[0, 6]).Select((versioned, without) =>
        versioned.DistinctBy(fact => (fact.Resource, fact.Version)).Concat(without.DistinctBy(fact => (fact.Resource, fact.Version))).ToArray());

    private static readonly Gen<(Fact[] Once, Fact[] Shuffled)> Shuffles =
        Record.SelectMany(facts => Gen.Shuffle(facts.Concat(facts.Take(facts.Length / 2)).ToArray()).Select(shuffled => (facts, shuffled)));

    [Fact]
    public void Any_order_and_any_repeats_end_in_the_same_state() =>
        Shuffles.Sample(record => Assert.Equal(Timeline.Of(record.Once, Tight), Live(record.Shuffled, Tight)), iter: 5000);

    [Fact]
    public void One_batch_is_as_good_as_many() => Shuffles.Sample(record =>
    {
        var change = Timeline.EmptyWithin(Tight).Admit([.. record.Shuffled]);
        Assert.Equal(Timeline.Of(record.Once, Tight), change.MustReplay ? Timeline.Of(record.Shuffled, Tight) : change.After);
    }, iter: 2000);

    [Fact]
    public void What_a_bounded_timeline_answers_is_what_the_whole_log_answers()
    {
        var answered = 0;
        Gen.Select(Shuffles, Gen.Int[0, 45], Gen.Int[0, 45]).Sample((record, trueAt, known) =>
        {
            var (asOf, knownAt) = (Hour(trueAt), Hour(known));
            var live = Live(record.Shuffled, Tight);
            if (!live.CanAnswer(asOf, knownAt)) return;
            Interlocked.Increment(ref answered);
            var whole = Timeline.Of(record.Once, knownAt, Tight);
            Assert.True(whole.CanAnswer(asOf, knownAt));
            AssertSameBits(Sets.Probe.Compute(whole, asOf, knownAt), Sets.Probe.Compute(live, asOf, knownAt));
        }, iter: 6000);
        Assert.True(answered > 300, $"Only {answered} of 6000 records could be answered: the law was hardly tried.");
    }

    [Fact]
    public void A_snapshot_holds_everything() => Shuffles.Sample(record =>
    {
        var live = Live(record.Shuffled, Tight);
        var back = new TimelineSnapshotConverter().ConvertFromSurrogate(new TimelineSnapshotConverter().ConvertToSurrogate(live));
        Assert.Equal(live, back);
        Assert.Equal(live.Bounds, back.Bounds);
        for (var hour = 0; hour < 45; hour += 5) Assert.Equal(live.CanAnswer(Hour(hour), Hour(hour)), back.CanAnswer(Hour(hour), Hour(hour)));
        var more = ImmutableArray.Create(HeartRate(99, 70, 20));
        Assert.Equal(live.Admit(more).After, back.Admit(more).After);
    }, iter: 500);

    private static Timeline Live(IEnumerable<Fact> facts, TimelineBounds bounds)
    {
        var timeline = Timeline.EmptyWithin(bounds);
        var log = new List<Fact>();
        foreach (var fact in facts)
        {
            var isNew = fact.Resource.Low % 2 == 0 && log.All(former => former.Resource != fact.Resource);
            log.Add(fact);
            var change = timeline.Admit([fact], isNew ? new HashSet<ResourceKey> { fact.Resource } : []);
            timeline = change.MustReplay ? Timeline.Of(log, bounds) : change.After;
        }
        return timeline;
    }

    private static void AssertSameBits(FeatureVector expected, FeatureVector actual)
    {
        for (var i = 0; i < expected.Values.Length; i++)
            Assert.True(expected.Values[i].Equals(actual.Values[i]) && expected.NewestInputTicks[i] == actual.NewestInputTicks[i],
                $"{expected.Set.Features[i].Name}: {expected.Values[i]} from the whole log, {actual.Values[i]} from the bounded timeline.");
    }
}
