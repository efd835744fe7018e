using System.Collections.Immutable;
using HealthMLOps.Audit;
using HealthMLOps.Hosting;
using HealthMLOps.Models;

namespace HealthMLOps.Rings;

/// <summary>Stops, and returns only when every silo has stopped or can no longer hold a lease.</summary>
/// <remarks>
/// Three ways at once, and none waits for another: this silo latches; the other silos are told directly; the plan gets a new
/// epoch in the database. No grain is in the way, because a grain may live on the very silo that hangs.
/// </remarks>
public sealed partial class KillSwitch(
    PlanBoard board, PlanStore store, PlanPostOffice office, LatchedHalts latched, HaltLog halts, AuditBook book, SiloSettings settings, TimeProvider clock, ILogger<KillSwitch> logger)
{
    /// <summary>How long the database may take with the plan or the record before the halt counts as unrecorded.</summary>
    public static readonly TimeSpan DatabasePatience = TimeSpan.FromSeconds(2);

    private const string Unwritten = ", unrecorded";
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(10);

    /// <summary>Stops what the order covers.</summary>
    public async Task<HaltOutcome> Halt(HaltOrder order, AuditEntry record)
    {
        var began = clock.GetTimestamp();
        board.Latch(order);
        var told = Tell(box => box.Latch(order));
        var committing = store.Change(plan => plan.Halt(order), CancellationToken.None);
        var isRecorded = Within(Recorded(record), DatabasePatience);
        var outcome = await Within(committing, DatabasePatience)
            ? await Bounded(order, (await committing).Epoch, told, began)
            : await Unrecorded(order, told, began);
        if (!await isRecorded && !outcome.Words.EndsWith(Unwritten, StringComparison.Ordinal)) outcome = outcome with { Words = outcome.Words + Unwritten };
        if (await isRecorded && await Within(Kept(outcome), DatabasePatience)) return outcome;
        latched.Owe(await isRecorded ? null : record, outcome);
        FailedToRecord(order.Id);
        return outcome;
    }

    /// <summary>Lets every silo see a change that is committed, and returns when all have it or can't serve by an older one.</summary>
    /// <returns>Milliseconds that it took.</returns>
    public async Task<double> Spread(PublishedPlan plan)
    {
        var began = clock.GetTimestamp();
        var told = Tell(box => box.Renew());
        while ((await StillOlder(plan.Epoch, told)).Length > 0) await Task.Delay(Look, clock);
        return clock.GetElapsedTime(began).TotalMilliseconds;
    }

    private async Task<HaltOutcome> Bounded(HaltOrder order, long epoch, Dictionary<string, Task> told, long began)
    {
        var committed = clock.GetTimestamp();
        var late = ImmutableArray<string>.Empty;
        while (true)
        {
            try
            {
                var older = await StillOlder(epoch, told);
                if (older.IsEmpty) break;
                late = older;
            }
            // The database went away after the commit. Every lease from before it is over by then at the latest.
            catch (Exception) when (clock.GetElapsedTime(committed) >= settings.PlanLease * 1.1) { break; }
            catch (Exception e) { LostSight(e, order.Id); }
            await Task.WhenAny([Task.Delay(Look, clock), .. told.Values.Where(t => !t.IsCompleted)]);
        }
        var confirmed = Confirmed(told);
        var expired = told.Keys.Except(confirmed).Intersect(late).ToImmutableArray();
        return new HaltOutcome(order, expired.IsEmpty ? "confirmed" : "bounded", epoch, clock.GetElapsedTime(began).TotalMilliseconds, confirmed, expired, []);
    }

    /// <summary>The database does not answer: what can be reached has latched. Nobody can renew, so after a lease and a tenth nobody serves.</summary>
    private async Task<HaltOutcome> Unrecorded(HaltOrder order, Dictionary<string, Task> told, long began)
    {
        var left = (settings.PlanLease * 1.1) - clock.GetElapsedTime(began);
        if (left > TimeSpan.Zero) await Task.WhenAny(Task.WhenAll(told.Values.Select(Quietly)), Task.Delay(left, clock));
        var confirmed = Confirmed(told);
        var unconfirmed = told.Keys.Except(confirmed).ToImmutableArray();
        return new HaltOutcome(order, unconfirmed.IsEmpty ? "bounded" + Unwritten : "latched" + Unwritten, 0, clock.GetElapsedTime(began).TotalMilliseconds, confirmed, [], unconfirmed);
    }

    private async Task<ImmutableArray<string>> StillOlder(long epoch, Dictionary<string, Task> told)
    {
        using var patience = new CancellationTokenSource(DatabasePatience, clock);
        var older = await store.Outstanding(epoch, patience.Token);
        return [.. older.Where(silo => !told.TryGetValue(silo, out var answer) || !answer.IsCompletedSuccessfully)];
    }

    private Dictionary<string, Task> Tell(Func<IPlanPost, Task> message) =>
        office.Boxes().ToDictionary(b => b.Silo, b => message(b.Post), StringComparer.Ordinal);

    private static ImmutableArray<string> Confirmed(Dictionary<string, Task> told) => [.. told.Where(t => t.Value.IsCompletedSuccessfully).Select(t => t.Key)];

    /// <remarks>A full queue refuses at once and by an exception: that too must not end a halt before it is bounded.</remarks>
    private async Task Recorded(AuditEntry record) => await book.Record(record);

    private async Task Kept(HaltOutcome outcome) => await halts.Add(outcome, CancellationToken.None);

    private static async Task Quietly(Task task) => await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);

    /// <summary>Whether the task succeeded in time.</summary>
    private async Task<bool> Within(Task task, TimeSpan patience)
    {
        await Task.WhenAny(Quietly(task), Task.Delay(patience, clock));
        return task.IsCompletedSuccessfully;
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "Halted without a record: {Halt} is owed to the audit log and follows when the database answers")]
    private partial void FailedToRecord(string halt);

    [LoggerMessage(Level = LogLevel.Error, Message = "Lost sight of the leases during halt {Halt}; waiting until all of them are over")]
    private partial void LostSight(Exception error, string halt);
}
