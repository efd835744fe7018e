using System.Collections.Immutable;
using HealthMLOps.Hosting;
using HealthMLOps.Storage;

namespace HealthMLOps.Rings;

/// <summary>Folds the log for the versions of one ring.</summary>
public sealed class RingGrain([PersistentState("ring-counts")] IPersistentState<RingCounts> state, IEventLog log, TurnCodec turns, ClinicalClock clock) : Grain, IRingGrain
{
    /// <summary>Turns folded in one call, so that a call stays short; the caller asks again.</summary>
    public const int TurnsPerCallMax = 20_000;

    /// <summary>Versions that are counted in one ring; beyond it the one that entered first goes, and is recounted if it is asked for.</summary>
    public const int VersionsMax = 8;

    private const int Page = 1_000;

    public async Task<RingReading> Count(RingQuestion question)
    {
        var known = state.State.Versions.FirstOrDefault(v => v.Version == question.Version && v.Since == question.Since);
        var count = known ?? RingCount.Of(question.Version, question.Since);
        var left = TurnsPerCallMax;
        foreach (var writer in await log.Writers(CancellationToken.None))
            for (var from = count.Watermarks.GetValueOrDefault(writer.Writer.Value); left > 0; from = count.Watermarks.GetValueOrDefault(writer.Writer.Value))
            {
                var page = await log.ReadWriter(writer.Writer, from, Math.Min(Page, left), CancellationToken.None);
                foreach (var turn in page) count = count.After(writer.Writer.Value, turn.Sequence, turns.Decode(turn.Payload).Predictions);
                left -= page.Count;
                if (page.Count < Page) break;
            }
        if (count != known) await Write(count);
        return new RingReading(count.At(clock.Now, question.Horizon), left > 0);
    }

    private async Task Write(RingCount count)
    {
        var before = state.State;
        var others = before.Versions.Where(v => v.Version != count.Version).OrderByDescending(v => v.Since).Take(VersionsMax - 1);
        state.State = new RingCounts([.. others, count]);
        try { await state.WriteStateAsync(); }
        catch
        {
            state.State = before;
            DeactivateOnIdle(); // The write may have landed: reload to know.
            throw;
        }
    }
}

/// <summary>The stored counts of one ring.</summary>
[GenerateSerializer, Immutable, Alias("ring-counts")]
public sealed record RingCounts([property: Id(0)] ImmutableArray<RingCount> Versions)
{
    public RingCounts() : this([]) { }
}
