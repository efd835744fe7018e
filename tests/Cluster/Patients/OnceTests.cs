using CsCheck;
using HealthMLOps.Clinical;
using HealthMLOps.Intake;
using HealthMLOps.Storage;
using HealthMLOps.Tests.Cluster.Storage;

namespace HealthMLOps.Tests.Cluster.Patients;

/// <summary>At-least-once in, exactly-once out: any order, any repeats and any interleaving end in the clean, ordered stream's state.</summary>
public sealed class OnceTests(Stores stores)
{
    private static readonly string[] Subjects = ["a", "b"];

    private static readonly Gen<Change[]> History =
        Gen.Select(Gen.Int[0, 5], Gen.Int[1, 4], Gen.Int[0, 1], Gen.Int[0, 9], Gen.Int[50, 150])
            .Select((resource, version, subject, kind, bpm) => new Change(resource, version, Subjects[subject], kind, bpm))
            .Array[1, 14].Select(changes => changes.DistinctBy(c => (c.Resource, c.Version)).OrderBy(c => c.Version).ThenBy(c => c.Resource).ToArray());

    private static readonly Gen<(Change[] Clean, Change[][] Scrambled)> Streams = History.SelectMany(clean =>
        Gen.Select(Gen.Shuffle(clean.Concat(clean.Take(clean.Length / 2)).ToArray()), Gen.Int[1, 4])
            .Select((shuffled, size) => (clean, shuffled.Chunk(size).ToArray())));

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(StorageProvider.Sqlite, 60)]
    [InlineData(StorageProvider.Postgres, 25)]
    public async Task Any_order_repeats_and_interleaving_end_in_the_clean_streams_state(StorageProvider provider, int records)
    {
        await using var ward = await Ward.Open(await stores.Empty(provider));
        var record = 0;
        await Streams.SampleAsync(async streams =>
        {
            var (clean, scrambled) = ($"c{record}", $"s{record++}");
            foreach (var change in streams.Clean) await ward.Take(change.As(clean));
            await Task.WhenAll(streams.Scrambled.Select(batch => ward.Take([.. batch.Select(c => c.As(scrambled))])));
            await ward.Settle();

            foreach (var subject in Subjects)
            {
                Assert.Equal(await Standing(ward, clean, subject), await Standing(ward, scrambled, subject));
                Assert.Equal(Filled(await ward.Features(clean + subject)), Filled(await ward.Features(scrambled + subject)));
            }
            await EachVersionIsLoggedOnce(ward, scrambled, streams.Clean);
        }, iter: records, threads: 1);
    }

    /// <summary>The resources that stand, by number and version.</summary>
    private static async Task<List<(string, long)>> Standing(Ward ward, string stream, string subject)
    {
        var names = ward.Get<HealthMLOps.Privacy.IdentityKeys>();
        var numbers = Enumerable.Range(0, 6).ToDictionary(n => names.Resource(Ward.Hospital, "Observation", $"{stream}-{n}"), n => $"{n}");
        return [.. (await ward.Facts(stream + subject)).GroupBy(f => f.Resource).Select(versions => versions.MaxBy(f => f.Version)!)
            .Where(f => f.Standing == FactStanding.Active).Select(f => (numbers[f.Resource], f.Version.Number)).Order()];
    }

    private static async Task EachVersionIsLoggedOnce(Ward ward, string stream, Change[] changes)
    {
        var facts = new List<Fact>();
        foreach (var subject in Subjects)
        {
            var own = await ward.Facts(stream + subject);
            Assert.Equal(own.Count, own.DistinctBy(f => (f.Resource, f.Version, f.Standing)).Count());
            facts.AddRange(own);
            Assert.Equal(Enumerable.Range(1, (await ward.Turns(stream + subject)).Count).Select(n => (long)n), (await ward.Turns(stream + subject)).Select(t => t.Number));
        }
        var logged = facts.Where(f => f.Standing is FactStanding.Active or FactStanding.Retracted).Select(f => (f.Resource, f.Version)).ToList();
        Assert.Equal(changes.Count(c => !c.IsDelete), logged.Count);
        Assert.Equal(logged.Count, logged.Distinct().Count());
    }

    /// <summary>A patient that nothing was ever said of has no vector; one whose everything was withdrawn has an empty one.</summary>
    private static double?[] Filled(double?[] values) => values.All(v => v is null) ? [] : values;

    /// <summary>One version of one observation: a value, an error, or a delete.</summary>
    private sealed record Change(int Resource, int Version, string Subject, int Kind, int Bpm)
    {
        public bool IsDelete => Kind == 0;

        public IngestEntry As(string stream) => IsDelete
            ? Chart.Deleted($"{stream}-{Resource}", Version)
            : Chart.HeartRate($"{stream}-{Resource}", stream + Subject, Bpm, Version, Kind == 1 ? "entered-in-error" : "final", hoursAgo: 1 + Resource * 0.5);
    }
}
