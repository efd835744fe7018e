using System.Collections.Immutable;
using HealthMLOps.Models;
using HealthMLOps.Rings;

namespace HealthMLOps.Tests.Unit.Rings;

public sealed class RingCountTests
{
    private static readonly TimeSpan Horizon = TimeSpan.FromHours(24);

    [Fact]
    public void A_label_is_mature_when_its_whole_hour_lies_a_horizon_back()
    {
        var count = RingCount.Of(ARollout.V1, ARollout.Noon).After(1, 1, [Score(ARollout.V1, ARollout.Noon.AddMinutes(30))]);
        Assert.Equal(new Exposure(1, 0), count.At(ARollout.Noon.AddHours(24.9), Horizon));
        Assert.Equal(new Exposure(1, 1), count.At(ARollout.Noon.AddHours(25), Horizon));
    }

    [Fact]
    public void Only_scores_of_the_version_in_this_ring_count()
    {
        var count = RingCount.Of(ARollout.V1, ARollout.Noon).After(1, 1,
            [Score(ARollout.V2, ARollout.Noon), Score(ARollout.V1, ARollout.Noon.AddHours(-1)), Score(ARollout.V1, ARollout.Noon) with { Score = null }, Score(ARollout.V1, ARollout.Noon)]);
        Assert.Equal(1, count.At(ARollout.Noon, Horizon).Events);
    }

    [Fact]
    public void Folding_a_part_again_after_a_crash_equals_a_recount()
    {
        var turns = Enumerable.Range(1, 50).Select(i => (Writer: 1L + i % 3, Sequence: 1L + i / 3, Predictions: ImmutableArray.Create(Score(ARollout.V1, ARollout.Noon.AddHours(i))))).ToList();
        var clean = turns.Aggregate(RingCount.Of(ARollout.V1, ARollout.Noon), (c, t) => c.After(t.Writer, t.Sequence, t.Predictions));
        var crashed = turns.Take(30).Concat(turns).Aggregate(RingCount.Of(ARollout.V1, ARollout.Noon), (c, t) => c.After(t.Writer, t.Sequence, t.Predictions));
        Assert.Equal(clean.At(ARollout.Noon.AddHours(40), Horizon), crashed.At(ARollout.Noon.AddHours(40), Horizon));
        Assert.Equal(50, crashed.At(ARollout.Noon, Horizon).Events);
    }

    private static Prediction Score(ModelVersion version, DateTimeOffset at) => new()
    {
        Model = version, PackageDigest = "", FeatureSet = "", FeatureSetHash = "", AsOf = at, Values = [], NewestInputTicks = [], Score = 0.5,
    };
}
